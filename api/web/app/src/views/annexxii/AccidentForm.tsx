import { Button, Checkbox, Fieldset, Radio, RadioGroup, Select } from '@navikt/ds-react';
import type { Finding } from '#/api/client';
import { fieldId } from '#/forms/fields';
import { useWords } from '#/language/LanguageProvider';
import { rowsOf } from './annex';
import { Messages, WordField } from './Field';
import { useAnnexForm } from './form';
import { rowOf, type Accident, type Victim } from './matrix';
import type { Split } from './measures';
import { useNames } from './names';
import { Actions, Title } from './Parts';
import texts from './messages';

/** One accident and who was hurt in it; nobody is named. */
export function AccidentForm({ at }: { at: number }) {
  const { text, day, name } = useWords();
  const { annex, change, go, shown } = useAnnexForm();
  const { causes, factors } = useNames();
  const accident = annex.accidents[at]!;
  const rows = rowsOf(annex);
  const set = (next: Partial<Accident>) => change({ ...annex, accidents: annex.accidents.map((a, i) => (i === at ? { ...a, ...next } : a)) });
  const setVictim = (v: number, next: Partial<Victim>) => set({ victims: accident.victims.map((one, i) => (i === v ? { ...one, ...next } : one)) });
  const pointerOf = (block: Split, code: string) => `/content/rows/${rowOf(rows, block, code)}/code`;
  const remove = () => {
    change({ ...annex, accidents: annex.accidents.filter((_, i) => i !== at) });
    go('accidents');
  };
  return (
    <div className="form">
      <Title hint={accident.occurredAt && text(texts.declaredOn, { day: day(accident.occurredAt) })}>{text(texts.accidentN, { n: at + 1 })}</Title>
      <Checkbox checked={accident.commuting} onChange={(e) => set({ commuting: e.target.checked })}>{text(texts.commuting)}</Checkbox>
      {!accident.commuting && (
        <>
          <Choice
            label={text(texts.cause)}
            pointer={pointerOf('1.1', accident.cause)}
            value={accident.cause}
            set={(cause) => set({ cause })}
            groups={[
              { label: text(texts.byEmployer), codes: causes.filter((c) => c.parent === 'employer') },
              { label: text(texts.byWorker), codes: causes.filter((c) => c.parent === 'worker') },
              { label: text(texts.byOther), codes: causes.filter((c) => c.parent !== 'employer' && c.parent !== 'worker') },
            ].map((g) => ({ label: g.label, codes: g.codes.map((c) => ({ code: c.code, name: name(c) })) }))}
          />
          <Choice
            label={text(texts.factor)}
            pointer={pointerOf('1.2', accident.factor)}
            value={accident.factor}
            set={(factor) => set({ factor })}
            groups={[
              { label: text(texts.factorSeen), codes: factors.filter((f) => f.list === 'annex_xii_seen') },
              { label: text(texts.factorProposed), codes: factors.filter((f) => f.list !== 'annex_xii_seen') },
            ].map((g) => ({ label: g.label, codes: g.codes.map((c) => ({ code: c.code, name: name(c) })) }))}
          />
        </>
      )}
      {accident.victims.map((victim, v) => (
        <VictimFields
          key={v}
          n={v + 1}
          victim={victim}
          commuting={accident.commuting}
          pointer={pointerOf('1.3', victim.occupation.trim())}
          // Victims of one occupation stand in one row: what is said of it leads to the first of them.
          sameBefore={accident.victims.findIndex((o) => o.occupation.trim() === victim.occupation.trim()) < v}
          sexFindings={victim.sex ? [] : shown(`/accidents/${at}/sex`)}
          severityFindings={victim.severity ? [] : shown(`/accidents/${at}/severity`)}
          ids={{ sex: fieldId(`/accidents/${at}/sex`), severity: fieldId(`/accidents/${at}/severity`) }}
          first={{ sex: accident.victims.findIndex((o) => !o.sex) === v, severity: accident.victims.findIndex((o) => !o.severity) === v }}
          set={(next) => setVictim(v, next)}
          remove={accident.victims.length > 1 ? () => set({ victims: accident.victims.filter((_, i) => i !== v) }) : undefined}
        />
      ))}
      <div><Button variant="secondary" onClick={() => set({ victims: [...accident.victims, { occupation: '', outside: false }] })}>{text(texts.addVictim)}</Button></div>
      <Actions>
        <Button onClick={() => go('accidents')}>{text(texts.saveAccident)}</Button>
        <Button variant="tertiary" onClick={remove}>{text(texts.removeAccident)}</Button>
      </Actions>
    </div>
  );
}

interface CodeGroup {
  label: string;
  codes: { code: string; name: string }[];
}

function Choice({ label, pointer, value, set, groups }: { label: string; pointer: string; value: string; set: (code: string) => void; groups: CodeGroup[] }) {
  const { text } = useWords();
  const { shown } = useAnnexForm();
  const findings = shown(pointer);
  return (
    <Select label={label} id={fieldId(pointer)} value={value} onChange={(e) => set(e.target.value)} error={findings.length > 0 && <Messages findings={findings} />}>
      <option value="">{text(texts.choose)}</option>
      {groups.map((g) => (
        <optgroup key={g.label} label={g.label}>
          {g.codes.map((c) => <option key={c.code} value={c.code}>{`${c.code}. ${c.name}`}</option>)}
        </optgroup>
      ))}
    </Select>
  );
}

interface VictimProps {
  n: number;
  victim: Victim;
  commuting: boolean;
  pointer: string;
  sameBefore: boolean;
  sexFindings: Finding[];
  severityFindings: Finding[];
  ids: { sex: string; severity: string };
  /** Whether this is the first victim of whom it is not known: links of the summary lead there. */
  first: { sex: boolean; severity: boolean };
  set: (next: Partial<Victim>) => void;
  remove?: () => void;
}

function VictimFields({ n, victim, commuting, pointer, sameBefore, sexFindings, severityFindings, ids, first, set, remove }: VictimProps) {
  const { text } = useWords();
  return (
    <Fieldset legend={text(texts.victimN, { n })} className="annex-victim">
      {!commuting && <WordField label={text(texts.occupation)} description={text(texts.occupationHint)} className="annex-code-field" pointer={pointer} id={sameBefore ? `${fieldId(pointer)}-${n}` : undefined} value={victim.occupation} set={(occupation) => set({ occupation })} />}
      <RadioGroup legend={text(texts.sex)} value={victim.sex ?? ''} onChange={(sex: Victim['sex']) => set({ sex })} error={sexFindings.length > 0 && <Messages findings={sexFindings} />}>
        <div className="annex-radios">
          <Radio value="male" id={first.sex ? ids.sex : undefined}>{text(texts.male)}</Radio>
          <Radio value="female">{text(texts.female)}</Radio>
        </div>
      </RadioGroup>
      <RadioGroup legend={text(texts.severity)} value={victim.severity ?? ''} onChange={(severity: Victim['severity']) => set({ severity })} error={severityFindings.length > 0 && <Messages findings={severityFindings} />}>
        <Radio value="minor" id={first.severity ? ids.severity : undefined}>{text(texts.minor)}</Radio>
        <Radio value="serious">{text(texts.serious)}</Radio>
        <Radio value="dead">{text(texts.dead)}</Radio>
      </RadioGroup>
      <Checkbox checked={victim.outside} onChange={(e) => set({ outside: e.target.checked })}>{text(texts.outside)}</Checkbox>
      {remove && <div><Button variant="tertiary" onClick={remove}>{text(texts.removeVictim, { n })}</Button></div>}
    </Fieldset>
  );
}
