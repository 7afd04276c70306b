export function Declaration() {
  return <h1>Declaration</h1>;
}
