export function Choose() {
  return <h1>Choose</h1>;
}
