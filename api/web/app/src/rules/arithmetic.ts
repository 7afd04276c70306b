import type { Finding, Schemas } from '#/api/client';
import { valueAt } from '#/forms/fields';

// The platform's arithmetic rules are data (GET /v1/rules): what they say of a report can be told
// here, at once and without a network, in the platform's own words.

export type Rule = Schemas['Rule'];
type Arithmetic = Schemas['ReportArithmetic'];
type Term = Schemas['ReportTerm'];
type Filter = Schemas['ReportFilter'];
type Condition = Schemas['ReportCondition'];
type Column = Schemas['ReportColumnName'];

export interface Submission {
  kind: string;
  content: unknown;
}

/** arithmeticFindings checks the numbers of a report by those of the rules that are arithmetic. A
 *  rule that meets something which is no whole number says nothing: that is another rule's finding. */
export function arithmeticFindings(rules: readonly Rule[], submission: Submission): Finding[] {
  const found: Finding[] = [];
  for (const rule of rules) {
    const check = rule.arithmetic;
    if (!check || !concerns(rule, check, submission)) continue;
    for (const place of placesOf(check, submission)) {
      for (const column of check.columns ?? [undefined]) {
        const finding = hold(rule, check, { submission, place, column });
        if (finding) found.push(finding);
      }
    }
  }
  return found;
}

/** A rule of every kind concerns the reports that have the numbers it speaks of. */
function concerns(rule: Rule, check: Arithmetic, submission: Submission): boolean {
  if (rule.kind) return rule.kind === submission.kind;
  return [...check.left, ...list(check.right)].every((t) => !t.pointer || valueAt(submission, t.pointer) !== undefined);
}

/** Where and of what a rule is asked. */
interface Asked {
  submission: Submission;
  /** Pointer of the element; undefined: the report as a whole. */
  place?: string;
  column?: Column;
}

function placesOf(check: Arithmetic, submission: Submission): (string | undefined)[] {
  if (!check.each) return [undefined];
  return check.each.flatMap((each) => (each.endsWith('/*') ? elements(submission, each.slice(0, -2), check.where) : [each]));
}

/** Pointers of the elements of a list that a filter lets through; a text that is absent is "". */
function elements(submission: Submission, listPointer: string, where: Filter | undefined): string[] {
  const held = valueAt(submission, listPointer);
  if (!Array.isArray(held)) return [];
  return held.flatMap((_, i) => {
    const pointer = `${listPointer}/${i}`;
    return admits(where, valueAt(submission, `${pointer}/${where?.member ?? ''}`)) ? [pointer] : [];
  });
}

function admits(where: Filter | undefined, value: unknown): boolean {
  if (!where) return true;
  const text = typeof value === 'string' ? value : '';
  return where.is ? where.is.includes(text) : !list(where.not).includes(text);
}

/** Pointers that one of a rule stands for: {column} is a column's name, "*" every element, and one
 *  without a leading slash lies within the place. */
function pointersOf(pointer: string, where: Filter | undefined, { submission, place, column }: Asked): string[] {
  const named = pointer.replace('{column}', column?.name ?? '');
  if (!named.startsWith('/')) return [`${place ?? ''}/${named}`];
  const star = named.indexOf('/*');
  if (star < 0) return [named];
  return elements(submission, named.slice(0, star), where).map((element) => element + named.slice(star + 2));
}

/** The sum of a term before it is multiplied; undefined if something in it is no whole number. */
function termOf(term: Term, asked: Asked): bigint | undefined {
  if (!term.pointer) return BigInt(term.number ?? 0);
  const pointers = pointersOf(term.pointer, term.where, asked);
  if (term.pointer.endsWith('/*')) return BigInt(pointers.length);
  return total(pointers.map((p) => wholeNumber(valueAt(asked.submission, p))));
}

function wholeNumber(value: unknown): bigint | undefined {
  if (value === undefined || value === null) return 0n;
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined;
}

function sumOf(terms: Term[] | null | undefined, asked: Asked): bigint | undefined {
  return total(
    list(terms).map((term) => {
      const value = termOf(term, asked);
      return value === undefined ? undefined : value * BigInt(term.times ?? 1);
    }),
  );
}

function total(values: (bigint | undefined)[]): bigint | undefined {
  let sum = 0n;
  for (const value of values) {
    if (value === undefined) return undefined;
    sum += value;
  }
  return sum;
}

function meets(condition: Condition, asked: Asked): boolean {
  if (condition.is === 'given') {
    return list(condition.sum).every((t) => t.pointer !== undefined && pointersOf(t.pointer, t.where, asked).every((p) => valueAt(asked.submission, p) != null));
  }
  const sum = sumOf(condition.sum, asked);
  if (sum === undefined) return false;
  return condition.is === 'zero' ? sum === 0n : sum > 0n;
}

function hold(rule: Rule, check: Arithmetic, asked: Asked): Finding | undefined {
  if (!list(check.when).every((c) => meets(c, asked))) return undefined;
  const left = leftSide(check, asked);
  const right = sumOf(check.right, asked);
  if (left === undefined || right === undefined || stands(left, check.relation, right)) return undefined;
  const pointer = pointersOf(check.at.pointer, check.at.where, asked)[0];
  if (pointer === undefined) return undefined;
  const argument = (name: string, language: 'name_vi' | 'name_en'): string => {
    if (name === 'column') return asked.column?.[language] ?? '';
    if (name.startsWith('left.')) return String(termOf(check.left[Number(name.slice(5))] ?? {}, asked) ?? '');
    return String(name === 'left' ? left : right);
  };
  const names = list(check.arguments);
  return {
    code: rule.code,
    severity: rule.severity,
    ...(rule.acknowledge ? { acknowledge: true } : {}),
    pointer,
    message_vi: fillIn(rule.message_vi, names.map((n) => argument(n, 'name_vi'))),
    message: fillIn(rule.message, names.map((n) => argument(n, 'name_en'))),
    legal_ref: rule.legal_ref,
  };
}

/** The left side, divided where the rule says so; without anything to divide by nothing is checked. */
function leftSide(check: Arithmetic, asked: Asked): bigint | undefined {
  const left = sumOf(check.left, asked);
  if (!check.per || left === undefined) return left;
  const per = sumOf(check.per, asked);
  return per === undefined || per === 0n ? undefined : left / per;
}

function stands(left: bigint, relation: Arithmetic['relation'], right: bigint): boolean {
  if (relation === '=') return left === right;
  return relation === '<=' ? left <= right : left >= right;
}

/** fillIn puts arguments in the place of a message's %s and %d, in turn. */
export function fillIn(message: string, values: readonly string[]): string {
  let next = 0;
  return message.replace(/%[sd]/g, () => values[next++] ?? '');
}

/** The platform writes an absent list as null. */
const list = <T>(values: T[] | null | undefined): T[] => values ?? [];
