import { TextField, type TextFieldProps } from '@navikt/ds-react';
import type { Finding } from '#/api/client';
import { fieldId } from '#/forms/fields';
import { readWhole } from '#/language/numbers';
import { useWords } from '#/language/LanguageProvider';
import { useAnnexForm } from './form';
import type { Cell } from './measures';

/** Findings at a field, one below the other; undefined if there is nothing to say. */
export function Messages({ findings }: { findings: Finding[] }) {
  const { pick } = useWords();
  return findings.map((f) => (
    <span className="annex-message" key={`${f.code} ${f.pointer}`}>
      {pick(f.message_vi, f.message)} <span className="annex-code">({f.code})</span>
    </span>
  ));
}

/** What stands in the field of a number: digits as they were typed, without marks between them. */
export const written = (cell: Cell | undefined): string => (cell === undefined ? '' : String(cell));

/** What was typed as a whole number; blank is blank, and what is no number is kept as it is. */
export const readCell = (typed: string): Cell | undefined => (typed.trim() === '' ? undefined : (readWhole(typed) ?? typed));

type Common = { pointer: string; label: string; description?: string } & Pick<TextFieldProps, 'className' | 'autoComplete' | 'id'> & {
    /** Whether leaving the field alone says what is wrong: a row is left as a whole. */
    leaves?: boolean;
  };

export function NumberField({ value, set, ...field }: Common & { value: Cell | undefined; set: (cell: Cell | undefined) => void }) {
  return <Shown {...field} className={`annex-number ${field.className ?? ''}`} inputMode="numeric" value={written(value)} onChange={(e) => set(readCell(e.target.value))} />;
}

export function WordField({ value, set, ...field }: Common & { value: string; set: (text: string) => void }) {
  return <Shown {...field} value={value} onChange={(e) => set(e.target.value)} />;
}

function Shown({ pointer, id, leaves = true, ...field }: Common & TextFieldProps) {
  const { shown, leave } = useAnnexForm();
  const findings = shown(pointer);
  return <TextField {...field} id={id ?? fieldId(pointer)} onBlur={() => leaves && leave(pointer)} error={findings.length > 0 ? <Messages findings={findings} /> : undefined} />;
}
