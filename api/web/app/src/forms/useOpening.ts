import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { answer, api, type Schemas } from '#/api/client';
import type { Myself } from '#/api/may';
import { dictionaryQuestion } from '#/api/dictionary';
import { whoAmI } from '#/api/me';
import { policyQuestion } from '#/api/policy';
import { today } from './codes';
import { valueAt } from './fields';
import { filesAs, type ReporterType } from './kinds';
import { earlierHead, reporterFor } from './reporter';
import { emptyOf, formOf, patternOf, type Field, type Node } from './tree';

/** What a form has to know before it can be shown. */
export interface Opening {
  me: Myself;
  kind: Schemas['DictionaryKind'];
  nodes: Node[];
  /** As whom the kind may be filed; empty if it may not. */
  as: { type: ReporterType; authority?: string }[];
  /** What is filled in already. */
  content: Record<string, unknown>;
  /** Whether some of it is from an earlier report. */
  known: boolean;
  amends?: { reportId: string; revision: number; hidden: boolean };
}

interface Asked {
  kind: string;
  /** The report that is amended. */
  report?: string;
  unit?: string;
  period?: string;
}

/** useOpening gathers what the platform knows of a report that is to be made: its form, who makes it, what was said before. */
export function useOpening(asked: Asked, key: string) {
  const client = useQueryClient();
  return useQuery({
    queryKey: ['opening', asked.kind, asked.report ?? '', asked.unit ?? '', key],
    queryFn: ({ signal }) => open(client, asked, signal),
    staleTime: Infinity,
    gcTime: 0,
  });
}

async function open(client: QueryClient, asked: Asked, signal: AbortSignal): Promise<Opening> {
  const [me, policy, dictionary] = await Promise.all([
    client.fetchQuery(whoAmI),
    client.fetchQuery(policyQuestion),
    client.fetchQuery(dictionaryQuestion(asked.kind)),
  ]);
  const kind = dictionary.kinds?.find((k) => k.kind === asked.kind);
  if (!kind) throw new Error(`no kind ${asked.kind}`);
  const fields = (dictionary.fields ?? []).filter((f) => f.kind === asked.kind);
  const nodes = formOf(fields, published(dictionary));
  const as = filesAs(policy.roles?.find((r) => r.role === me.role), kind.kind, policy.kinds?.find((k) => k.kind === kind.kind));
  const found: Opening = { me, kind, nodes, as, content: {}, known: false };
  if (asked.report) return amendment(found, asked.report, fields, signal);
  return { ...found, ...(await begin(found, asked, signal)) };
}

/** Lists that the platform serves; rules are no list of codes to choose from. */
function published(dictionary: Schemas['Dictionary']): Set<string> {
  const lists = new Set(Object.keys(dictionary.code_lists ?? {}));
  lists.delete('rules');
  return lists;
}

/** A new report: who makes it, and what the newest report of the same unit said. */
async function begin({ me, kind, nodes, as }: Opening, asked: Asked, signal: AbortSignal): Promise<Pick<Opening, 'content' | 'known'>> {
  const reporter = reporterFor(me, as.length === 1 ? as[0] : undefined, asked.unit);
  const taxCode = reporter.tax_code as string | undefined;
  const head = taxCode ? await earlierHead(kind.event ? 'annex_xii' : kind.kind, taxCode, reporter.site as string | undefined, signal) : {};
  const has = (member: string) => nodes.some((n) => n.member === member);
  const made = emptyOf(nodes);
  const said = (head.reporter ?? {}) as Record<string, unknown>;
  const content = {
    ...made,
    reporter: { ...said, ...reporter },
    ...(head.industry && has('industry') ? { industry: head.industry } : {}),
    ...(head.workers && has('workers') ? { workers: { ...(made.workers as object), ...(head.workers as object) } } : {}),
    ...(has('report_date') ? { report_date: today() } : {}),
    ...(asked.period && has('period') ? { period: asked.period } : {}),
  };
  return { content, known: head.reporter !== undefined };
}

/** The newest version of a report that is on file, to be changed. */
async function amendment(found: Opening, id: string, fields: Field[], signal: AbortSignal): Promise<Opening> {
  const status = await answer(api.GET('/v1/reports/{id}', { params: { path: { id } }, signal }));
  const newest = status.current_revision ?? 1;
  const filed = await answer(api.GET('/v1/reports/{id}/revisions/{revision}', { params: { path: { id, revision: newest } }, signal }));
  const computed = new Set(fields.filter((f) => f.computed).map((f) => f.pointer));
  const content = without(valueAt(filed.submission, '/content'), '/content', computed) as Record<string, unknown> | undefined;
  return {
    ...found,
    content: { ...emptyOf(found.nodes), ...content },
    amends: { reportId: id, revision: newest + 1, hidden: filed.personal !== 'open' },
  };
}

/** What the platform computed is not sent back to it. */
export function without(value: unknown, at: string, computed: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((v, i) => without(v, `${at}/${i}`, computed));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !computed.has(patternOf(`${at}/${name}`)))
      .map(([name, v]) => [name, without(v, `${at}/${name}`, computed)]),
  );
}
