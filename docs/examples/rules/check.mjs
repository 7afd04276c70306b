// Checks the numbers of a report against the platform's own rules, without the platform:
// save GET /v1/rules once, and a form can tell a filer at once what does not add up.
//
//   node check.mjs rules.json report.json
//
// Both languages of every finding are printed, one finding a line. The rest of the rules
// (code lists, dates, identity numbers) is checked by the platform alone.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Returns the findings of the rules that are arithmetic. */
export function check(rules, submission) {
  const found = [];
  for (const rule of rules) {
    if (!rule.arithmetic || (rule.kind && rule.kind !== submission.kind)) continue;
    if (!rule.kind && !sides(rule.arithmetic).every((t) => !t.pointer || exists(submission, t.pointer))) continue;
    for (const place of places(submission, rule.arithmetic)) {
      for (const column of rule.arithmetic.columns ?? [null]) {
        const finding = hold(submission, rule, place, column);
        if (finding) found.push(finding);
      }
    }
  }
  return found;
}

const sides = (a) => [...a.left, ...a.right];
const exists = (submission, pointer) => at(submission, pointer) !== undefined;

/** The value at a pointer, undefined if there is none. */
function at(value, pointer) {
  for (const name of pointer.split('/').slice(1)) value = value?.[name];
  return value;
}

/** The pointers of the places that a rule is checked at; null: the report as a whole. */
function places(submission, a) {
  if (!a.each) return [null];
  return a.each.flatMap((each) => {
    if (!each.endsWith('/*')) return [each];
    return elements(submission, each.slice(0, -2), a.where);
  });
}

/** The pointers of the elements of a list that a filter admits. */
function elements(submission, list, where) {
  const all = (at(submission, list) ?? []).map((_, i) => `${list}/${i}`);
  return all.filter((p) => {
    if (!where) return true;
    const text = at(submission, `${p}/${where.member}`) ?? '';
    return where.is ? where.is.includes(text) : !where.not.includes(text);
  });
}

/** The pointers that a pointer with "*", "{column}" or relative to a place stands for. */
function resolve(submission, pointer, where, place, column) {
  const plain = pointer.replace('{column}', column?.name ?? '');
  if (!plain.startsWith('/')) return [`${place}/${plain}`];
  const star = plain.indexOf('/*');
  if (star < 0) return [plain];
  return elements(submission, plain.slice(0, star), where).map((p) => p + plain.slice(star + 2));
}

function hold(submission, rule, place, column) {
  const a = rule.arithmetic;
  const value = (term) => {
    if (!term.pointer) return BigInt(term.number ?? 0);
    const pointers = resolve(submission, term.pointer, term.where, place, column);
    if (term.pointer.endsWith('/*')) return BigInt(pointers.length);
    return pointers.reduce((sum, p) => sum + BigInt(at(submission, p) ?? 0), 0n);
  };
  const sum = (terms) => (terms ?? []).reduce((s, t) => s + BigInt(t.times ?? 1) * value(t), 0n);
  const holds = ({ sum: terms, is }) => {
    if (is === 'given') return terms.every((t) => at(submission, t.pointer) != null);
    return is === 'zero' ? sum(terms) === 0n : sum(terms) > 0n;
  };

  if (!(a.when ?? []).every(holds)) return null;
  let left = sum(a.left);
  const right = sum(a.right);
  if (a.per) {
    const per = sum(a.per);
    if (per === 0n) return null;
    left /= per;
  }
  const fits = { '=': left === right, '<=': left <= right, '>=': left >= right }[a.relation];
  const [pointer] = resolve(submission, a.at.pointer, a.at.where, place, column);
  if (fits || pointer === undefined) return null;

  const argument = (name, language) => {
    if (name === 'column') return column[language];
    if (name.startsWith('left.')) return value(a.left[Number(name.slice(5))]);
    return name === 'left' ? left : right;
  };
  const fill = (message, language) => {
    const rest = [...(a.arguments ?? [])];
    return message.replace(/%[sd]/g, () => argument(rest.shift(), language));
  };
  return {
    code: rule.code, severity: rule.severity, pointer,
    message: fill(rule.message, 'name_en'), message_vi: fill(rule.message_vi, 'name_vi'),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [{ rules }, report] = process.argv.slice(2, 4).map((file) => JSON.parse(readFileSync(file, 'utf8')));
  for (const finding of check(rules, report)) console.log(JSON.stringify(finding));
}
