import type { Schemas } from '#/api/client';
import type { Words } from '#/language/words';
import { missing as texts } from '#/opening/messages';

type List = Schemas['ObligationList'];

/** periodIn writes a period: năm 2025, 6 tháng đầu năm 2025. */
export const periodIn = ({ text }: Words, period: string): string => text(period.endsWith('H1') ? texts.half : texts.wholeYear, { year: period.slice(0, 4) });

/** answerOf says in a sentence who has not reported, and in another of whom that is told. */
export function answerOf(words: Words, list: List, asked: { province: string; period: string }, provinces: Schemas['CodeList']['codes'] | undefined): [answer: string, units: string] {
  const { text, name, moment } = words;
  const province = provinces?.find((p) => `${p.list}:${p.code}` === asked.province);
  const counted = (state: string) => list.counts.find((c) => c.state === state)?.obligations ?? 0;
  return [
    text(texts.answer, { province: province ? name(province) : asked.province, period: periodIn(words, asked.period), missing: counted('missing'), late: counted('late') }),
    `${text(texts.units, { n: list.units, time: moment(list.at) })} ${text(texts.purposeLogged)}`,
  ];
}
