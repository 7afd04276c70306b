export function Target() {
  return <h1>Target</h1>;
}
