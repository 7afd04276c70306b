/** scaled maps values to a line so that all of them lie on it, with a little room at both ends. */
export function scaled(values: (number | null | undefined)[], from: number, to: number): (value: number) => number {
  const known = values.filter((v): v is number => typeof v === 'number' && Number.isFinite(v));
  const least = Math.min(...known);
  const most = Math.max(...known);
  const room = (most - least) * 0.12 || Math.abs(most) * 0.1 || 1;
  return (value) => from + ((value - least + room) / (most - least + 2 * room)) * (to - from);
}
