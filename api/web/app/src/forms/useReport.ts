import { useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { Offline, type Finding } from '#/api/client';
import type { Draft } from '#/drafts/draft';
import { dryRun, submitDraft } from '#/drafts/sender';
import { useDraft } from '#/drafts/useDraft';
import { valueAt, withValue } from './fields';
import { missing, placed, within, type PlaceName } from './findings';
import { patternOf } from './tree';
import { blocks, useChecks } from './useChecks';

/** What a draft remembers of how far somebody has come: the steps that were gone through. */
interface Progress {
  passed: string[];
}

/** The step that stands for the whole, once it was checked. */
const everything = '*';

/** How long after a field was left its findings may appear, in milliseconds: at once they would move
 *  what is just being pressed from under the finger. */
const settled = 250;

export type Outcome = 'filed' | 'blocked' | 'refused';

export interface Report {
  draft: Draft;
  /** Whether anything was typed: then it is kept on this device. */
  begun: boolean;
  /** All findings, at the places of the form. */
  findings: Finding[];
  /** Those that may be shown by now, at their fields. */
  shown: Finding[];
  /** Those of what was checked: a summary that came while one types would push the form away. */
  summed: Finding[];
  stale: boolean;
  checkError: unknown;
  at: (pointer: string) => unknown;
  set: (...changes: [pointer: string, value: unknown][]) => void;
  touch: (pointer: string) => void;
  acknowledge: (codes: string[]) => void;
  /** Marks a step as gone through and returns what keeps it from being right; undefined without a network. */
  pass: (step: string, holds: (pointer: string) => boolean) => Promise<Finding[] | undefined>;
  /** Checks everything and files it if nothing stands against it. */
  submit: () => Promise<Outcome>;
}

interface Shape {
  /** Every place that the form shows, by its pattern, with its name. */
  places: ReadonlyMap<string, PlaceName>;
  /** Groups that stay when they are empty. */
  kept: ReadonlySet<string>;
  /** Tells the steps that hold a place; a form of one page has none. */
  stepOf?: (pointer: string) => string;
}

/** useReport holds a report while it is being filled in: kept on this device, checked by the platform. */
export function useReport(initial: Draft | undefined, id: string, shape: Shape): { report: Report | undefined; loaded: boolean } {
  const navigate = useNavigate();
  const { draft: stored, loaded, set: keep, flush } = useDraft(id);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [asked, setAsked] = useState<{ of: string; findings: Finding[] }>();
  const draft = stored ?? initial;
  const checks = useChecks(stored?.state === 'draft' || stored?.state === 'returned' ? stored : undefined);
  const begun = stored !== undefined;

  const change = useCallback(
    (next: Draft) => {
      keep({ ...next, state: 'draft', findings: undefined });
      if (!begun) void navigate({ to: '.', search: (s: Record<string, unknown>) => ({ ...s, draft: next.id }), replace: true });
    },
    [keep, begun, navigate],
  );

  const raw = useMemo(() => {
    if (draft?.state === 'returned' && draft.findings?.length) return draft.findings;
    if (draft && checks.stale && asked?.of === said(draft)) return asked.findings;
    return begun ? checks.findings : [];
  }, [draft, checks.stale, checks.findings, asked, begun]);
  const findings = useMemo(() => placed(raw, shape.places).filter((f) => !isFilled(f, draft)), [raw, shape.places, draft]);

  if (!draft) return { report: undefined, loaded };
  const progress = progressOf(draft);
  const everyone = progress.passed.includes(everything) || draft.state === 'returned';
  const summed = everyone ? findings : findings.filter((f) => progress.passed.includes(shape.stepOf?.(f.pointer ?? '') ?? ''));
  const shown = findings.filter((f) => summed.includes(f) || touched.has(f.pointer ?? ''));

  const ask = async (of: Draft): Promise<Finding[]> => {
    const found = (await dryRun(of)) ?? [];
    setAsked({ of: said(of), findings: found });
    return placed(found, shape.places);
  };
  const passed = (step: string): Draft => ({ ...draft, view: { passed: [...new Set([...progress.passed, step])] } });

  const report: Report = {
    draft,
    begun,
    findings,
    shown,
    summed,
    stale: checks.stale,
    checkError: checks.error,
    at: (pointer) => valueAt(draft, pointer),
    set: (...changes) => change(changes.reduce((d, [pointer, value]) => put(d, pointer, value, shape.kept), draft)),
    touch: (pointer) => {
      if (!touched.has(pointer)) setTimeout(() => setTouched((before) => new Set(before).add(pointer)), settled);
    },
    acknowledge: (codes) => change({ ...draft, acknowledged: codes }),
    pass: async (step, holds) => {
      const next = passed(step);
      change(next);
      try {
        return (await ask(next)).filter((f) => holds(f.pointer ?? '') && f.severity === 'error');
      } catch (error) {
        if (error instanceof Offline) return undefined;
        throw error;
      }
    },
    submit: async () => {
      const next = passed(everything);
      change(next);
      try {
        if ((await ask(next)).some((f) => blocks(f, next.acknowledged))) return 'blocked';
      } catch (error) {
        // Without a network it is submitted all the same, and checked when it is sent.
        if (!(error instanceof Offline)) throw error;
      }
      await flush();
      const sent = await submitDraft({ ...next, state: 'draft' });
      if (sent.state === 'returned') {
        keep(sent);
        return sent.findings?.length ? 'blocked' : 'refused';
      }
      await navigate({ to: '/receipts/$no', params: { no: sent.id } });
      return 'filed';
    },
  };
  return { report, loaded };
}

/** What a draft says to the platform: two that say the same have the same findings. */
const said = (d: Draft): string => JSON.stringify([d.content, d.reason, d.acknowledged]);

function progressOf(draft: Draft): Progress {
  const { passed = [] } = (draft.view ?? {}) as Partial<Progress>;
  return { passed };
}

/** What was missing and has been typed since is missing no longer, whatever the last check said. */
function isFilled(f: Finding, draft: Draft | undefined): boolean {
  const value = valueAt(draft, f.pointer ?? '');
  return f.code === missing && value !== undefined && typeof value !== 'object';
}

/** put sets a value; optional groups that are empty afterwards are taken out with it. */
function put(draft: Draft, pointer: string, value: unknown, kept: ReadonlySet<string>): Draft {
  let next = withValue(draft, pointer, value) as Draft;
  if (value !== undefined) return next;
  for (let at = above(pointer); within(at, '/content') && !kept.has(patternOf(at)); at = above(at)) {
    const left = valueAt(next, at);
    if (typeof left !== 'object' || left === null || Object.keys(left).length > 0) break;
    next = withValue(next, at, undefined) as Draft;
  }
  return next;
}

const above = (pointer: string): string => pointer.slice(0, pointer.lastIndexOf('/'));
