import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Draft } from './draft';

interface Kept extends DBSchema {
  drafts: { key: string; value: Draft; indexes: { owner: string } };
}

let opened: Promise<IDBPDatabase<Kept>> | undefined;

function database(): Promise<IDBPDatabase<Kept>> {
  opened ??= openDB<Kept>('atvsld', 1, {
    upgrade(db) {
      db.createObjectStore('drafts', { keyPath: 'id' }).createIndex('owner', 'owner');
    },
  });
  return opened;
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

/** saveDraft keeps a draft on this device. It resolves once it is kept. */
export async function saveDraft(draft: Draft): Promise<void> {
  await (await database()).put('drafts', draft);
  changed();
}

export async function getDraft(id: string): Promise<Draft | undefined> {
  return (await database()).get('drafts', id);
}

/** Drafts of one person, the newest change first. */
export async function listDrafts(owner: string): Promise<Draft[]> {
  const all = await (await database()).getAllFromIndex('drafts', 'owner', owner);
  return all.sort((a, b) => b.changedAt - a.changedAt);
}

export async function removeDraft(id: string): Promise<void> {
  await (await database()).delete('drafts', id);
  changed();
}
