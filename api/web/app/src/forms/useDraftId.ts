import { useState } from 'react';

/** useDraftId is the draft that an address names, or a new name while it names none. The name stays
 *  the same when the address takes it up; an address that drops it begins anew. */
export function useDraftId(named: string | undefined): { id: string; fresh: boolean } {
  const [made, setMade] = useState(() => ({ id: crypto.randomUUID() as string, taken: false }));
  if (named === made.id && !made.taken) setMade({ ...made, taken: true });
  if (named === undefined && made.taken) setMade({ id: crypto.randomUUID(), taken: false });
  const id = named ?? made.id;
  return { id, fresh: id === made.id };
}
