export type Classes = readonly [number, number, number, number];

/** classesOf cuts values into five classes of as many provinces each. */
export function classesOf(values: number[]): Classes | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const cut = (n: number) => sorted[Math.floor((sorted.length * n) / 5)];
  const [a, b, c, d] = [cut(1), cut(2), cut(3), cut(4)];
  return a === undefined || b === undefined || c === undefined || d === undefined ? undefined : [a, b, c, d];
}
