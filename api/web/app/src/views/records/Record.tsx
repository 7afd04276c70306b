export function Record() {
  return <h1>Record</h1>;
}
