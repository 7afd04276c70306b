export function AnnexXII() {
  return <h1>AnnexXII</h1>;
}
