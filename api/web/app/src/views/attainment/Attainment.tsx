export function Attainment() {
  return <h1>Attainment</h1>;
}
