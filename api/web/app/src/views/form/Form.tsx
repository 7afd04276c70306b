export function Form() {
  return <h1>Form</h1>;
}
