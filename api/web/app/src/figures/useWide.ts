import { useSyncExternalStore } from 'react';

const query = '(min-width: 60rem)';

/** useWide is whether there is room for controls beside what they control. */
export function useWide(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = matchMedia(query);
      media.addEventListener('change', changed);
      return () => media.removeEventListener('change', changed);
    },
    () => matchMedia(query).matches,
  );
}
