export function Public() {
  return <h1>Public</h1>;
}
