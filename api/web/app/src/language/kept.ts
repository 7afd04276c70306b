/** kept makes something once for the same arguments. */
export function kept<A extends unknown[], T>(make: (...of: A) => T): (...of: A) => T {
  const made = new Map<string, T>();
  return (...of) => {
    const key = JSON.stringify(of);
    let one = made.get(key);
    if (one === undefined) made.set(key, (one = make(...of)));
    return one;
  };
}
