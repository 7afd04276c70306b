import type { Finding } from '#/api/client';
import { say, type Language } from '#/language/text';
import texts from './messages';
import { patternOf } from './tree';

/** What a place of the form is called there. */
export interface PlaceName {
  vi: string;
  en: string;
}

/** The check that every required member is there. */
export const missing = 'ENV-001';
/** The check that a moment is one: in the page, that both its day and its time are there. */
const noMoment = 'ENV-006';

/**
 * placed puts each finding at the element that shows its place, the nearest above if it has none of
 * its own, and calls missing members by the name that the form gives them instead of the JSON member.
 * The very same texts then stand at the field and in the summary.
 */
export function placed(findings: Finding[], shown: ReadonlyMap<string, PlaceName>): Finding[] {
  const seen = new Set<string>();
  const out: Finding[] = [];
  for (const f of findings) {
    const at = nearest(f.pointer ?? '', shown);
    const told = named(f, at, shown);
    const key = `${f.code} ${at} ${f.code === missing ? '' : f.message}`;
    if (seen.has(key)) continue;
    seen.add(key);
    out.push({ ...told, pointer: at });
  }
  return out;
}

/** The pointer itself, or the nearest above it that the form shows. */
export function nearest(pointer: string, shown: ReadonlyMap<string, PlaceName>): string {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    if (shown.has(patternOf(at))) return at;
  }
  return '';
}

/** What is said of the form of the JSON is said in words of the form that is seen. */
function named(f: Finding, at: string, shown: ReadonlyMap<string, PlaceName>): Finding {
  const name = shown.get(patternOf(at));
  const said = f.code === missing ? [texts.lacks, texts.lacksIn] : f.code === noMoment ? [texts.momentOf, texts.momentIn] : undefined;
  if (!name || !said) return f;
  const row = rowOf(at, shown);
  const tell = (language: Language) => say(language, (row ? said[1] : said[0])!, { name: name[language], list: row?.list[language], n: row?.n });
  return { ...f, message_vi: tell('vi'), message: tell('en') };
}

/** Which element of which list a place is in. */
function rowOf(at: string, shown: ReadonlyMap<string, PlaceName>): { list: PlaceName; n: number } | undefined {
  const found = /^(.*)\/(\d+)\/[^/]+(\/|$)/.exec(at);
  const list = found && shown.get(patternOf(found[1]!));
  return list ? { list, n: Number(found[2]) + 1 } : undefined;
}

/** within tells whether a pointer is that of a place or of something in it. */
export const within = (pointer: string, place: string): boolean => pointer === place || pointer.startsWith(`${place}/`);
