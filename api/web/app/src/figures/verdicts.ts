/** A verdict is a glyph, a word and a colour: any two of them may be lost. The words: verdicts in opening/messages. */
export const glyphs = { met: '✓', not_met: '✕', not_assessable: '–', hidden: '⊘' } as const;
export type VerdictWord = keyof typeof glyphs;
