export function Owed() {
  return <h1>Owed</h1>;
}
