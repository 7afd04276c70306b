import { useQuery } from '@tanstack/react-query';
import { answer, api, Offline, type Schemas } from '#/api/client';
import type { Annex } from './annex';
import { headOf, kind } from './annex';
import type { Accident, Victim } from './matrix';
import type { Row } from './measures';
import { typedOf } from './table';

export type Prefill = Schemas['PeriodicDraft'];
type Case = Schemas['DraftCase'];

/** A unit as an address or /v1/access/me names it: 0100109106, or 0100109106/2 for a site of it. */
export function unitOf(name: string): { taxCode: string; site: string } {
  const [taxCode = '', site = '0'] = name.split('/');
  return { taxCode, site };
}

export const isTaxCode = (text: string): boolean => /^(\d{10}(-\d{3})?|\d{12}|hb:[\w-]+)$/.test(text);

/** usePrefill is what the platform knows of a unit and a period before anything is typed. */
export function usePrefill(unit: string, period: string) {
  const { taxCode, site } = unitOf(unit);
  return useQuery({
    queryKey: ['annex draft', unit, period],
    queryFn: ({ signal }) =>
      answer(api.GET('/v1/reports/draft', { params: { query: { kind, tax_code: taxCode, period, ...(site === '0' ? {} : { site }) } }, signal })),
    retry: (failed, error) => !(error instanceof Offline) && failed < 1,
    // What is on file changes with what is filed.
    staleTime: 0,
    gcTime: 0,
  });
}

/** The version of the industrial classification on the last day of a period: that of Decision 36/2025
 *  applies from 15 November 2025. */
export const vsicOf = (period: string): '2018' | '2025' => ((period.endsWith('H1') ? `${period.slice(0, 4)}-06-30` : `${period.slice(0, 4)}-12-31`) < '2025-11-15' ? '2018' : '2025');

/** newAnnex begins the form from what is known; without a network from what the unit's name says. */
export function newAnnex(known: Prefill | undefined, unit: string, period: string, today: string): Omit<Annex, 'answer' | 'mode'> {
  if (!known) {
    const { taxCode, site } = unitOf(unit);
    return { head: { reporter: { type: 'establishment', tax_code: taxCode, ...(site === '0' ? {} : { site }) }, period, report_date: today, industry: { version: vsicOf(period) }, workers: {} }, accidents: [], typed: [], damage: {} };
  }
  const content = known.submission.content as Record<string, unknown>;
  const rows = (content.rows ?? []) as Row[];
  return {
    head: { industry: { version: vsicOf(period) }, workers: {}, ...headOf(content) },
    accidents: [],
    typed: typedOf(rows),
    damage: {},
    declared: { rows, cells: known.cells ?? [], cases: known.cases ?? [] },
    ...(known.head_from?.period ? { headFrom: known.head_from.period } : {}),
  };
}

/** accidentsOf makes cards of the declared accidents. What the cards ask of victims is read from the
 *  unit's own declarations, and their names are left there. */
export async function accidentsOf(cases: readonly Case[]): Promise<Accident[]> {
  return Promise.all(
    cases.map(async (c) => {
      const declared = await victimsOf(c).catch(() => undefined);
      return {
        id: c.accident_id,
        occurredAt: c.occurred_at,
        cause: c.cause ?? '',
        factor: c.factor ?? '',
        commuting: c.commuting,
        // Several declarations of one accident may name the same persons: then only their number is sure.
        victims: declared?.length === c.victims ? declared : anonymous(c),
      };
    }),
  );
}

async function victimsOf(of: Case): Promise<Victim[]> {
  const all: Victim[] = [];
  for (const id of of.declarations ?? []) {
    const { current_revision: revision } = await answer(api.GET('/v1/reports/{id}', { params: { path: { id } } }));
    const filed = await answer(api.GET('/v1/reports/{id}/revisions/{revision}', { params: { path: { id, revision: revision ?? 1 } } }));
    const content = filed.submission.content as { victims?: Record<string, unknown>[] } | undefined;
    all.push(...(content?.victims ?? []).map(victimOf));
  }
  return all;
}

const oneOf = <T extends string>(value: unknown, of: readonly T[]): T | undefined => of.find((o) => o === value);

function victimOf(declared: Record<string, unknown>): Victim {
  return {
    occupation: typeof declared.occupation === 'string' ? declared.occupation : '',
    sex: oneOf(declared.sex, ['male', 'female']),
    severity: oneOf(declared.severity, ['dead', 'serious', 'minor']),
    outside: declared.under_management === false,
  };
}

/** Victims of whom only numbers are known. */
function anonymous(of: Case): Victim[] {
  return Array.from({ length: Math.max(1, of.victims) }, (_, i) => ({
    occupation: '',
    severity: i < of.deaths ? 'dead' : i < of.deaths + of.serious ? 'serious' : undefined,
    outside: i < of.outside,
  }));
}
