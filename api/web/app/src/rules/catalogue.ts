import { useQuery } from '@tanstack/react-query';
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { answer, api, Offline } from '#/api/client';
import type { Rule } from './arithmetic';

interface Kept extends DBSchema {
  catalogues: { key: string; value: Rule[] };
}

let opened: Promise<IDBPDatabase<Kept>> | undefined;

function database(): Promise<IDBPDatabase<Kept>> {
  opened ??= openDB<Kept>('atvsld-rules', 1, { upgrade: (db) => void db.createObjectStore('catalogues') });
  return opened;
}

/** useRules are the platform's rules of a kind of report. The last ones stay on this device, so that
 *  a form is checked without a network, too. */
export function useRules(kind: string) {
  return useQuery({ queryKey: ['rules', kind], queryFn: ({ signal }) => rulesOf(kind, signal), staleTime: Infinity });
}

async function rulesOf(kind: string, signal: AbortSignal): Promise<Rule[]> {
  try {
    const catalogue = await answer(api.GET('/v1/rules', { signal }));
    const rules = ofKind(catalogue.rules ?? [], kind);
    await (await database()).put('catalogues', rules, kind);
    return rules;
  } catch (cause) {
    if (!(cause instanceof Offline)) throw cause;
    const kept = await (await database()).get('catalogues', kind);
    if (!kept) throw cause;
    return kept;
  }
}

/** Rules of a kind and of every kind, without the examples, which only readers need. */
export function ofKind(rules: readonly Rule[], kind: string): Rule[] {
  return rules.filter((r) => !r.kind || r.kind === kind).map(({ example, ...rule }) => (void example, rule));
}
