import { useCodeList } from '#/api/codelists';
import { useWords } from '#/language/LanguageProvider';
import type { Text } from '#/language/text';
import type { Block, Measure, Row } from './measures';
import texts from './messages';

export const blockTexts: Record<Block, Text> = { '1': texts.row1, '1.1': texts.row11, '1.2': texts.row12, '1.3': texts.row13, '2': texts.row2, '3': texts.row3 };

export interface Group {
  text: Text;
  columns: readonly [Measure, ...Measure[]];
}

/** The two levels of the head of table I. */
export const groups: readonly Group[] = [
  { text: texts.groupAccidents, columns: ['accidents', 'accidents_fatal', 'accidents_multi'] },
  { text: texts.groupVictims, columns: ['victims', 'victims_outside'] },
  { text: texts.groupWomen, columns: ['women', 'women_outside'] },
  { text: texts.groupDeaths, columns: ['deaths', 'deaths_outside'] },
  { text: texts.groupSerious, columns: ['serious', 'serious_outside'] },
];

export function columnText(measure: Measure): Text {
  if (measure === 'accidents_fatal') return texts.colFatal;
  if (measure === 'accidents_multi') return texts.colMulti;
  return measure.endsWith('_outside') ? texts.colOutside : texts.colTotal;
}

/** useNames writes rows and columns of table I as somebody reads them. */
export function useNames() {
  const { text, name, language } = useWords();
  const causes = useCodeList('causes').data?.codes ?? [];
  const factors = useCodeList('factors').data?.codes ?? [];
  const ofForm = factors.filter((f) => f.list !== 'circular_23_1996');
  const codeName = (block: Block, code: string): string => {
    if (!code) return text(texts.codeMissing);
    const found = block === '1.1' ? causes.find((c) => c.code === code) : block === '1.2' ? ofForm.find((c) => c.code === code) : undefined;
    return found ? `${code}. ${name(found)}` : text(texts.codeN, { code });
  };
  const rowName = (row: Pick<Row, 'block' | 'code'>): string => (row.code === undefined && !row.block.includes('.') ? text(blockTexts[row.block]) : codeName(row.block, row.code ?? ''));
  const columnName = (measure: Measure): string => {
    const group = groups.find((g) => g.columns.includes(measure))!;
    return measure === group.columns[0] ? text(group.text) : `${text(group.text)}, ${lower(text(columnText(measure)), language)}`;
  };
  return { causes, factors: ofForm, codeName, rowName, columnName };
}

const lower = (words: string, language: string): string => words.charAt(0).toLocaleLowerCase(language) + words.slice(1);

/** periodName is "năm 2025" or "6 tháng đầu năm 2026". */
export function periodName(text: (t: Text, values?: Record<string, string>) => string, period: string): string {
  const year = period.slice(0, 4);
  return period.endsWith('H1') ? text(texts.half, { year }) : text(texts.year, { year });
}
