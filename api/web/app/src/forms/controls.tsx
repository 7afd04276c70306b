import '@navikt/ds-css/dist/component/chips.css';
import '@navikt/ds-css/dist/component/date.css';
import '@navikt/ds-css/dist/component/modal.css';
import '@navikt/ds-css/dist/component/popover.css';
import { Checkbox, CheckboxGroup, DatePicker, ErrorMessage, Radio, RadioGroup, Select, Textarea, TextField, UNSAFE_Combobox as Combobox, useDatepicker } from '@navikt/ds-react';
import { useState, type ReactNode } from 'react';
import { useCodeList } from '#/api/codelists';
import { useWords } from '#/language/LanguageProvider';
import { plain, readWhole } from '#/language/numbers';
import { onDay, type Code } from './codes';
import { fieldId } from './fields';
import texts from './messages';
import { readClock, readMoment, writeMoment } from './moment';
import { useFilling, useFindingsAt } from './ReportContext';

/** What every control of a form is told: where its value stands, and how it is called. */
export interface At {
  pointer: string;
  label: string;
  help?: string;
  className?: string;
}

export interface Option {
  value: string;
  label: string;
}

/** The error of a field as its component shows it, and warnings below it: the words of the summary. */
function useError(pointer: string): ReactNode {
  const { pick } = useWords();
  const errors = useFindingsAt(pointer).filter((f) => f.severity === 'error');
  if (errors.length === 0) return undefined;
  return errors.map((f) => (
    <span key={f.code + f.message} className="finding">
      {pick(f.message_vi, f.message)} <span className="code">({f.code})</span>
    </span>
  ));
}

/** Errors of a place that is no field: a group or a list. */
export function ErrorsAt({ pointer }: { pointer: string }) {
  const error = useError(pointer);
  return error ? <ErrorMessage as="div" showIcon>{error}</ErrorMessage> : null;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '');

export function TextAt({ pointer, label, help, className, numeric, most, readOnly }: At & { numeric?: boolean; most?: number; readOnly?: boolean }) {
  const { report } = useFilling();
  return (
    <TextField
      id={fieldId(pointer)}
      className={className}
      label={label}
      description={help}
      error={useError(pointer)}
      value={textOf(report.at(pointer))}
      onChange={(e) => report.set([pointer, e.target.value === '' ? undefined : e.target.value])}
      onBlur={() => report.touch(pointer)}
      inputMode={numeric ? 'numeric' : undefined}
      maxLength={most}
      readOnly={readOnly}
      autoComplete="off"
    />
  );
}

export function LongTextAt({ pointer, label, help, most }: At & { most?: number }) {
  const { report } = useFilling();
  return (
    <Textarea
      id={fieldId(pointer)}
      label={label}
      description={help}
      error={useError(pointer)}
      value={textOf(report.at(pointer))}
      onChange={(e) => report.set([pointer, e.target.value === '' ? undefined : e.target.value])}
      onBlur={() => report.touch(pointer)}
      maxLength={most}
      minRows={4}
    />
  );
}

/** A whole number. What is none stays as it was typed, and the platform's check says so. */
export function WholeAt({ pointer, label, help, className }: At) {
  const { report } = useFilling();
  return (
    <TextField
      id={fieldId(pointer)}
      className={className ?? 'whole'}
      label={label}
      description={help}
      error={useError(pointer)}
      value={textOf(report.at(pointer))}
      onChange={(e) => report.set([pointer, e.target.value.trim() === '' ? undefined : (readWhole(e.target.value) ?? e.target.value)])}
      onBlur={() => report.touch(pointer)}
      inputMode="numeric"
      autoComplete="off"
    />
  );
}

/** Yes or no, where neither is a default. */
export function YesNoAt({ pointer, label, help }: At) {
  const { text } = useWords();
  const { report } = useFilling();
  const value = report.at(pointer);
  return (
    <RadioGroup
      legend={label}
      description={help}
      error={useError(pointer)}
      value={typeof value === 'boolean' ? String(value) : ''}
      onChange={(chosen: string) => report.set([pointer, chosen === 'true'])}
    >
      <Radio value="true" id={fieldId(pointer)}>{text(texts.yes)}</Radio>
      <Radio value="false">{text(texts.no)}</Radio>
    </RadioGroup>
  );
}

/** Something that holds or is not said. */
export function TickAt({ pointer, label, help }: At) {
  const { report } = useFilling();
  const error = useError(pointer);
  return (
    <div>
      <Checkbox
        id={fieldId(pointer)}
        checked={report.at(pointer) === true}
        description={help}
        error={error !== undefined}
        onChange={(e) => report.set([pointer, e.target.checked ? true : undefined])}
      >
        {label}
      </Checkbox>
      <ErrorsAt pointer={pointer} />
    </div>
  );
}

/** A few possibilities, all of them seen. */
export function RadiosAt({ pointer, label, help, options, unknown, onChosen }: At & { options: Option[]; unknown?: string; onChosen?: (value: string | undefined) => void }) {
  const { report } = useFilling();
  const choose = (value: string) => (onChosen ?? ((v) => report.set([pointer, v])))(value === '' ? undefined : value);
  return (
    <RadioGroup legend={label} description={help} error={useError(pointer)} value={textOf(report.at(pointer))} onChange={choose}>
      {options.map((o, i) => (
        <Radio key={o.value} value={o.value} id={i === 0 ? fieldId(pointer) : undefined}>
          {o.label}
        </Radio>
      ))}
      {unknown !== undefined && <Radio value="">{unknown}</Radio>}
    </RadioGroup>
  );
}

/** Up to so many possibilities are a plain list; more can be searched. */
const listAtMost = 12;

/** One of several possibilities; a long list can be searched, with or without its marks, unless its order tells where to look. */
export function SelectAt({ pointer, label, help, options, value, choose, unknown, ordered }: At & { options: Option[]; value?: string; choose?: (value: string | undefined) => void; unknown?: string; ordered?: boolean }) {
  const { text } = useWords();
  const { report } = useFilling();
  const error = useError(pointer);
  const chosen = value ?? textOf(report.at(pointer));
  const set = choose ?? ((v: string | undefined) => report.set([pointer, v]));
  if (options.length > listAtMost && !ordered) return <Search {...{ pointer, label, help, options, chosen, set, error }} />;
  return (
    <Select
      id={fieldId(pointer)}
      label={label}
      description={help}
      error={error}
      value={chosen}
      onChange={(e) => set(e.target.value === '' ? undefined : e.target.value)}
      onBlur={() => report.touch(pointer)}
    >
      <option value="">{unknown ?? text(texts.choose)}</option>
      {options.map((o) => (
        <option key={o.value} value={o.value}>
          {o.label}
        </option>
      ))}
    </Select>
  );
}

function Search({ pointer, label, help, options, chosen, set, error }: At & { options: Option[]; chosen: string; set: (v: string | undefined) => void; error: ReactNode }) {
  const { report } = useFilling();
  const [typed, setTyped] = useState('');
  const selected = options.filter((o) => o.value === chosen);
  return (
    <Combobox
      id={fieldId(pointer)}
      label={label}
      description={help}
      error={error}
      options={options}
      filteredOptions={matching(options, typed, selected[0]?.label)}
      selectedOptions={selected}
      onChange={setTyped}
      onToggleSelected={(value, isSelected) => {
        // Whoever searches for what is chosen already and picks it means it; only deleting takes it away.
        set(isSelected || typed !== '' ? value : undefined);
        setTyped('');
      }}
      onBlur={() => report.touch(pointer)}
    />
  );
}

function matching(options: Option[], typed: string, chosen: string | undefined): Option[] {
  const sought = plain(typed);
  if (sought === '' || typed === chosen) return options;
  return options.filter((o) => plain(o.label).includes(sought));
}

/** Any number out of a list. */
export function SeveralAt({ pointer, label, help, options }: At & { options: Option[] }) {
  const { report } = useFilling();
  const [typed, setTyped] = useState('');
  const error = useError(pointer);
  const value = (report.at(pointer) as string[] | undefined) ?? [];
  const set = (next: string[]) => report.set([pointer, next.length > 0 ? next : undefined]);
  if (options.length <= listAtMost) {
    return (
      <CheckboxGroup legend={label} description={help} error={error} value={value} onChange={set}>
        {options.map((o, i) => (
          <Checkbox key={o.value} value={o.value} id={i === 0 ? fieldId(pointer) : undefined}>
            {o.label}
          </Checkbox>
        ))}
      </CheckboxGroup>
    );
  }
  return (
    <Combobox
      id={fieldId(pointer)}
      label={label}
      description={help}
      error={error}
      isMultiSelect
      options={options}
      filteredOptions={matching(options, typed, undefined)}
      selectedOptions={options.filter((o) => value.includes(o.value))}
      onChange={setTyped}
      onToggleSelected={(one, isSelected) => {
        set(isSelected ? [...value, one] : value.filter((v) => v !== one));
        setTyped('');
      }}
      onBlur={() => report.touch(pointer)}
    />
  );
}

/** Several texts, one a line. */
export function LinesAt({ pointer, label, help }: At) {
  const { text } = useWords();
  const { report } = useFilling();
  const value = (report.at(pointer) as string[] | undefined) ?? [];
  const [typed, setTyped] = useState(value.join('\n'));
  return (
    <Textarea
      id={fieldId(pointer)}
      label={label}
      description={help ?? text(texts.onePerLine)}
      error={useError(pointer)}
      value={typed}
      onChange={(e) => {
        setTyped(e.target.value);
        const lines = e.target.value.split('\n').map((l) => l.trim()).filter(Boolean);
        report.set([pointer, lines.length > 0 ? lines : undefined]);
      }}
      onBlur={() => report.touch(pointer)}
      minRows={2}
    />
  );
}

const isoDay = (date: Date): string => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
const dayOf = (iso: string): Date | undefined => (/^\d{4}-\d{2}-\d{2}$/.test(iso) ? new Date(`${iso}T00:00:00`) : undefined);

/** The input of a day: typed as 5/7/2026, or chosen in the calendar. */
function Day({ id, label, help, error, value, set, left }: { id: string; label: string; help?: ReactNode; error: ReactNode; value: string; set: (iso: string | undefined) => void; left: () => void }) {
  const { text } = useWords();
  const [wrong, setWrong] = useState(false);
  const { datepickerProps, inputProps } = useDatepicker({
    defaultSelected: dayOf(value),
    inputFormat: 'dd/MM/yyyy',
    onDateChange: (date) => set(date && isoDay(date)),
    onValidate: (v) => setWrong(!v.isEmpty && !v.isValidDate),
  });
  const [visited, setVisited] = useState(false);
  return (
    <DatePicker {...datepickerProps} dropdownCaption fromDate={earliest} toDate={latest}>
      <DatePicker.Input
        {...inputProps}
        id={id}
        label={label}
        description={help}
        error={wrong && visited ? text(texts.noDate) : error}
        onBlur={(e) => {
          inputProps.onBlur?.(e);
          setVisited(true);
          left();
        }}
      />
    </DatePicker>
  );
}

const earliest = new Date(1900, 0, 1);
const latest = new Date(2100, 11, 31);

export function DateAt({ pointer, label, help }: At) {
  const { text } = useWords();
  const { report } = useFilling();
  return (
    <Day
      id={fieldId(pointer)}
      label={label}
      help={help ?? text(texts.dateHelp)}
      error={useError(pointer)}
      value={textOf(report.at(pointer))}
      set={(iso) => report.set([pointer, iso])}
      left={() => report.touch(pointer)}
    />
  );
}

/** A day and a time of day: both, or the moment is not known well enough. */
export function MomentAt({ pointer, label, help }: At) {
  const { text } = useWords();
  const { report } = useFilling();
  const error = useError(pointer);
  const { day, time } = readMoment(report.at(pointer));
  const [visited, setVisited] = useState(false);
  const write = (next: { day?: string; time?: string }) => report.set([pointer, writeMoment({ day, time, ...next })]);
  const wrongTime = visited && !error && time !== '' && readClock(time) === undefined;
  return (
    <fieldset className="moment">
      <legend>{label}</legend>
      {help && <p className="quiet">{help}</p>}
      <div className="row">
        <Day
          id={fieldId(pointer)}
          label={text(texts.day)}
          help={text(texts.dateHelp)}
          error={undefined}
          value={day}
          set={(iso) => write({ day: iso ?? '' })}
          left={() => undefined}
        />
        <Clock id={`${fieldId(pointer)}-time`} time={time} set={(t) => write({ time: t })} error={wrongTime ? text(texts.noTime) : undefined} left={() => {
          setVisited(true);
          report.touch(pointer);
        }} />
      </div>
      {error && <ErrorMessage as="div" showIcon>{error}</ErrorMessage>}
    </fieldset>
  );
}

/** What is typed stays as it is while it is being typed: 14h3 is on its way to 14:30. */
function Clock({ id, time, set, error, left }: { id: string; time: string; set: (time: string) => void; error: string | undefined; left: () => void }) {
  const { text } = useWords();
  const [typed, setTyped] = useState(time);
  return (
    <TextField
      id={id}
      className="clock"
      label={text(texts.time)}
      description={text(texts.timeHelp)}
      error={error}
      value={typed}
      onChange={(e) => {
        setTyped(e.target.value);
        set(e.target.value);
      }}
      onBlur={() => {
        setTyped(readClock(typed) ?? typed);
        left();
      }}
      inputMode="text"
      autoComplete="off"
    />
  );
}

/** Options out of a code list, as valid on the day of the report; what is chosen already stays. */
export function useOptions(list: string, day: string, keyOf: (c: Code) => string, chosen: string[]): Option[] | undefined {
  const { name, text } = useWords();
  const codes = useCodeList(list);
  if (!codes.data) return undefined;
  const all = codes.data.codes ?? [];
  const valid = onDay(all, day);
  const offered = valid.length > 0 ? valid : all;
  const kept = all.filter((c) => chosen.includes(keyOf(c)) && !offered.some((o) => keyOf(o) === keyOf(c)));
  const seen = new Set<string>();
  const label = (c: Code) => (list === 'provinces' ? (c.list === '63' ? text(texts.former, { name: name(c) }) : name(c)) : `${c.code}. ${name(c)}`);
  return [...offered, ...kept].filter((c) => !seen.has(keyOf(c)) && seen.add(keyOf(c))).map((c) => ({ value: keyOf(c), label: label(c) }));
}

/** A code of one list. */
export function CodeAt({ list, unknown, ...at }: At & { list: string; unknown?: string }) {
  const { report, day } = useFilling();
  const options = useOptions(list, day, (c) => c.code, [textOf(report.at(at.pointer))]);
  return <SelectAt {...at} options={options ?? []} unknown={unknown} />;
}

/** Codes of one list. */
export function CodesAt({ list, ...at }: At & { list: string }) {
  const { report, day } = useFilling();
  const options = useOptions(list, day, (c) => c.code, (report.at(at.pointer) as string[] | undefined) ?? []);
  return <SeveralAt {...at} options={options ?? []} />;
}

/** A code together with the list or version that it is of: a province, an industry, a factor. */
export function PairAt({ list, member = 'list', unknown, ...at }: At & { list: string; member?: 'list' | 'version'; unknown?: string }) {
  const { report, day } = useFilling();
  const [which, code] = [textOf(report.at(`${at.pointer}/${member}`)), textOf(report.at(`${at.pointer}/code`))];
  // An industry may be known in more detail than the list has it: the section is what is chosen.
  const section = list === 'vsic' ? code.slice(0, 1) : code;
  const value = code ? `${which}:${section}` : '';
  const options = useOptions(list, day, (c) => `${c.list}:${c.code}`, [value]);
  const choose = (chosen: string | undefined) => {
    const [l, c] = chosen === undefined ? [] : [chosen.slice(0, chosen.indexOf(':')), chosen.slice(chosen.indexOf(':') + 1)];
    report.set([`${at.pointer}/${member}`, l], [`${at.pointer}/code`, c]);
  };
  return <SelectAt {...at} options={options ?? []} value={value} choose={choose} unknown={unknown} />;
}
