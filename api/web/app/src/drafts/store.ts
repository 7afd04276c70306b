import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Draft } from './draft';
import { newKey, seal, unseal, type Sealed } from './seal';

// Drafts name persons. On the disk they lie encrypted, with a key that never leaves this browser.
// What stands in clear is what they are looked up by.
interface Kept {
  id: string;
  owner: string;
  state: Draft['state'];
  changedAt: number;
  sealed: Sealed;
}

interface Schema extends DBSchema {
  drafts: { key: string; value: Kept; indexes: { owner: string } };
  keys: { key: string; value: CryptoKey };
}

/** How long a draft is kept after its last change, in days. */
export const keptDays = 30;
const keptFor = keptDays * 24 * 60 * 60 * 1000;

let opened: Promise<{ db: IDBPDatabase<Schema>; key: CryptoKey }> | undefined;

function database() {
  opened ??= open();
  return opened;
}

async function open() {
  const db = await openDB<Schema>('atvsld-drafts', 1, {
    upgrade(made) {
      made.createObjectStore('drafts', { keyPath: 'id' }).createIndex('owner', 'owner');
      made.createObjectStore('keys');
    },
  });
  return { db, key: await keyOf(db) };
}

async function keyOf(db: IDBPDatabase<Schema>): Promise<CryptoKey> {
  const kept = await db.get('keys', 'drafts');
  if (kept) return kept;
  const made = await newKey();
  // Another tab may have been faster.
  const tx = db.transaction('keys', 'readwrite');
  const first = await tx.store.get('drafts');
  if (!first) await tx.store.put(made, 'drafts');
  await tx.done;
  return first ?? made;
}

// Tabs of the same browser tell each other what has changed.
const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('atvsld-drafts') : undefined;
const listeners = new Set<() => void>();
channel?.addEventListener('message', () => listeners.forEach((tell) => tell()));

function changed(): void {
  listeners.forEach((tell) => tell());
  channel?.postMessage('changed');
}

/** watchDrafts calls when any draft has changed, here or in another tab, until what it returns is called. */
export function watchDrafts(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** saveDraft keeps a draft on this device. It resolves once it is kept. What was submitted is
 *  frozen, and a newer state is not replaced by an older one: such a draft is not saved. */
export function saveDraft(draft: Draft): Promise<void> {
  return write(draft, (kept) => kept === undefined || (kept.state !== 'waiting' && kept.state !== 'filed' && kept.changedAt <= draft.changedAt));
}

/** advanceDraft keeps how a submitted draft stands now. The sender alone does so. One that was wiped
 *  while it was being sent does not come back. */
export function advanceDraft(draft: Draft): Promise<void> {
  return write(draft, (kept) => kept?.state === 'waiting');
}

async function write(draft: Draft, may: (kept: Kept | undefined) => boolean): Promise<void> {
  const { db, key } = await database();
  const sealed = await seal(key, draft.id, draft);
  const tx = db.transaction('drafts', 'readwrite');
  const written = may(await tx.store.get(draft.id));
  if (written) await tx.store.put({ id: draft.id, owner: draft.owner, state: draft.state, changedAt: draft.changedAt, sealed });
  await tx.done;
  if (written) changed();
}

export async function getDraft(id: string): Promise<Draft | undefined> {
  const { db } = await database();
  return read(await db.get('drafts', id));
}

/** Drafts of one person, the newest change first; of one state, if it is named. */
export async function listDrafts(owner: string, state?: Draft['state']): Promise<Draft[]> {
  const { db } = await database();
  const all = await db.getAllFromIndex('drafts', 'owner', owner);
  const drafts = await Promise.all(all.filter((kept) => state === undefined || kept.state === state).map(read));
  return drafts.filter((draft) => draft !== undefined).sort((a, b) => b.changedAt - a.changedAt);
}

// What does not open was sealed with a key that is gone: there is nothing left of it.
async function read(kept: Kept | undefined): Promise<Draft | undefined> {
  if (kept === undefined) return undefined;
  const { key } = await database();
  return unseal(key, kept.id, kept.sealed).then(
    (draft) => draft as Draft,
    () => undefined,
  );
}

/** countWaiting is how many reports wait on this device, whoever submitted them. */
export async function countWaiting(): Promise<number> {
  const { db } = await database();
  return (await db.getAll('drafts')).filter((kept) => kept.state === 'waiting').length;
}

export async function removeDraft(id: string): Promise<void> {
  const { db } = await database();
  await db.delete('drafts', id);
  changed();
}

/** wipeDrafts removes all that one person has on this device. */
export async function wipeDrafts(owner: string): Promise<void> {
  const { db } = await database();
  const tx = db.transaction('drafts', 'readwrite');
  for (const id of await tx.store.index('owner').getAllKeys(owner)) await tx.store.delete(id);
  await tx.done;
  changed();
}

/** removeOld removes what nobody has changed for {@link keptDays} days. A report that was submitted
 *  and is not filed yet stays: its owner counts on it. */
export async function removeOld(now: number): Promise<void> {
  const { db } = await database();
  const tx = db.transaction('drafts', 'readwrite');
  const old = (await tx.store.getAll()).filter((kept) => kept.state !== 'waiting' && kept.changedAt < now - keptFor);
  for (const kept of old) await tx.store.delete(kept.id);
  await tx.done;
  if (old.length > 0) changed();
}
