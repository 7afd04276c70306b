export function Trends() {
  return <h1>Trends</h1>;
}
