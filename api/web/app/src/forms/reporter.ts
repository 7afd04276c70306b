import { answer, ApiProblem, api } from '#/api/client';
import type { Myself } from '#/api/may';
import type { ReporterType } from './kinds';

/** The head of a form: who reports. */
export type Reporter = Record<string, unknown> & { type?: ReporterType };

/** Communes have had their present codes since the reform of 1 July 2025. */
const communeListFrom = '2025-07-01';

/** reporterFor fills in of the head what the platform knows of whoever is signed in. */
export function reporterFor(me: Myself, as: { type: ReporterType; authority?: string } | undefined, unit: string | undefined): Reporter {
  if (!as) return {};
  const provinces = me.provinces ?? [];
  const province = provinces.find((p) => p.list === '34') ?? provinces[0];
  const head: Reporter = { type: as.type, ...(as.authority ? { authority: as.authority } : {}), ...(province ? { province } : {}) };
  return { ...head, ...unitOf(unit ?? (me.units?.length === 1 ? me.units[0] : undefined), as.type) };
}

/** A unit of /v1/access/me as the head names it. The number of a household business is nobody's to guess. */
function unitOf(unit: string | undefined, type: ReporterType): Reporter {
  if (!unit || type === 'authority') return {};
  if (unit.startsWith('commune:')) return type === 'commune' ? { commune: { code: unit.slice('commune:'.length), valid_from: communeListFrom } } : {};
  if (unit.startsWith('hb:') || type === 'commune') return {};
  const [tax_code, site] = unit.split('/');
  return { tax_code, ...(site && site !== '0' ? { site } : {}) };
}

/** earlierHead is what the unit's newest report says of it: its name, province, industry, workers.
 *  Empty if there is none, or if the platform does not answer: then it is typed. */
export async function earlierHead(kind: string, taxCode: string, site: string | undefined, signal?: AbortSignal): Promise<Record<string, unknown>> {
  const period = String(new Date().getFullYear());
  try {
    const draft = await answer(api.GET('/v1/reports/draft', { params: { query: { kind, tax_code: taxCode, period, ...(site ? { site } : {}) } }, signal }));
    const { reporter, industry, workers } = (draft.submission.content ?? {}) as Record<string, unknown>;
    return { ...(draft.head_from ? { reporter, industry, workers } : {}) };
  } catch (error) {
    if (error instanceof ApiProblem || signal?.aborted !== true) return {};
    throw error;
  }
}
