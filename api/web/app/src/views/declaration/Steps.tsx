import { PlusIcon, TrashIcon } from '@navikt/aksel-icons';
import { Alert, Button } from '@navikt/ds-react';
import * as controls from '#/forms/controls';
import { fieldId } from '#/forms/fields';
import { useFilling } from '#/forms/ReportContext';
import { nameOf } from '#/forms/values';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';

/** Values of an enumeration with their names. */
function useNamed(member: string, values: string[]): controls.Option[] {
  const { text } = useWords();
  return values.map((value) => ({ value, label: text(nameOf(member, value)!) }));
}

export function PlaceStep() {
  const { text } = useWords();
  return (
    <>
      <controls.MomentAt pointer="/content/occurred_at" label={text(texts.occurredAt)} />
      <controls.PairAt pointer="/content/place/province" label={text(texts.province)} help={text(texts.provinceHelp)} list="provinces" />
      <controls.TextAt pointer="/content/place/text" label={text(texts.ifKnown, { label: text(texts.placeText) })} help={text(texts.placeTextHelp)} most={500} />
      <controls.TextAt pointer="/content/place/commune_code" label={text(texts.ifKnown, { label: text(texts.commune) })} help={text(texts.communeHelp)} most={5} numeric className="short" />
      <controls.TickAt pointer="/content/commuting" label={text(texts.commuting)} />
    </>
  );
}

export function UnitStep({ prefilled }: { prefilled: boolean }) {
  const { text } = useWords();
  const { report } = useFilling();
  const type = report.at('/content/reporter/type');
  const types = useNamed('type', ['establishment', 'commune']);
  return (
    <>
      {prefilled && <Alert variant="info" inline>{text(texts.prefilled)}</Alert>}
      <controls.TextAt pointer="/content/reporter/name" label={text(texts.reporterName)} most={200} />
      <controls.RadiosAt
        pointer="/content/reporter/type"
        label={text(texts.reporterType)}
        options={types}
        onChosen={(chosen) => {
          const stray = chosen === 'commune' ? ['tax_code', 'site'] : ['commune'];
          report.set(['/content/reporter/type', chosen], ...stray.map((m): [string, unknown] => [`/content/reporter/${m}`, undefined]));
        }}
      />
      {type === 'commune' ? (
        <>
          <controls.TextAt pointer="/content/reporter/commune/code" label={text(texts.reporterCommune)} most={5} numeric className="short" />
          <controls.DateAt pointer="/content/reporter/commune/valid_from" label={text(texts.communeFrom)} />
        </>
      ) : (
        <>
          <controls.TextAt pointer="/content/reporter/tax_code" label={text(texts.taxCode)} most={40} numeric className="short" />
          <controls.TextAt pointer="/content/reporter/site" label={text(texts.site)} most={10} className="short" />
        </>
      )}
      <controls.PairAt pointer="/content/reporter/province" label={text(texts.reporterProvince)} list="provinces" />
      <controls.TextAt pointer="/content/reporter/address" label={text(texts.ifKnown, { label: text(texts.address) })} most={500} />
      <controls.TextAt pointer="/content/reporter/phone" label={text(texts.ifKnown, { label: text(texts.phone) })} most={40} numeric className="short" />
      <controls.PairAt pointer="/content/industry" label={text(texts.industry)} list="vsic" member="version" />
    </>
  );
}

export function VictimsStep() {
  const { text } = useWords();
  const { report } = useFilling();
  const victims = (report.at('/content/victims') as { name?: string }[] | undefined) ?? [];
  const add = () => {
    report.set([`/content/victims/${victims.length}`, {}]);
    setTimeout(() => document.getElementById(fieldId(`/content/victims/${victims.length}/name`))?.focus(), 50);
  };
  return (
    <>
      <controls.ErrorsAt pointer="/content/victims" />
      {victims.map((v, i) => (
        <VictimCard key={`${i} of ${victims.length}`} i={i} name={v?.name} alone={victims.length === 1} />
      ))}
      <Button type="button" id={fieldId('/content/victims')} variant="secondary" icon={<PlusIcon aria-hidden />} onClick={add} className="add">
        {text(texts.addVictim)}
      </Button>
    </>
  );
}

function VictimCard({ i, name, alone }: { i: number; name: string | undefined; alone: boolean }) {
  const { text } = useWords();
  const { report } = useFilling();
  const at = `/content/victims/${i}`;
  const severity = report.at(`${at}/severity`);
  const severities = useNamed('severity of a victim', ['dead', 'serious', 'minor']);
  const sexes = useNamed('sex', ['male', 'female', 'unknown']);
  const employments = useNamed('employment', ['contract', 'no_contract']);
  return (
    <section className="victim" aria-label={text(texts.victim, { n: i + 1 })}>
      <div className="victim-head">
        <h3>{name ? text(texts.victimNamed, { n: i + 1, name }) : text(texts.victim, { n: i + 1 })}</h3>
        {!alone && (
          <Button type="button" variant="tertiary" size="small" icon={<TrashIcon aria-hidden />} onClick={() => report.set([at, undefined])}>
            {text(texts.removeVictim, { n: i + 1 })}
          </Button>
        )}
      </div>
      <controls.TextAt pointer={`${at}/name`} label={text(texts.victimName)} most={200} />
      <controls.RadiosAt
        pointer={`${at}/severity`}
        label={text(texts.severity)}
        options={severities}
        onChosen={(chosen) => {
          // What was said of another condition goes with it.
          const stray = [...(chosen === 'dead' ? [] : ['died_on']), ...(chosen === 'serious' ? [] : ['injuries'])];
          report.set([`${at}/severity`, chosen], ...stray.map((m): [string, unknown] => [`${at}/${m}`, undefined]));
        }}
      />
      {severity === 'dead' && <controls.DateAt pointer={`${at}/died_on`} label={text(texts.diedOn)} />}
      {severity === 'serious' && <controls.CodesAt pointer={`${at}/injuries`} label={text(texts.ifKnown, { label: text(texts.injuries) })} list="serious-injuries" />}
      <controls.RadiosAt pointer={`${at}/sex`} label={text(texts.sex)} options={sexes} />
      <div className="pair">
        <controls.DateAt pointer={`${at}/birth_date`} label={text(texts.ifKnown, { label: text(texts.birthDate) })} />
        <controls.TextAt pointer={`${at}/birth_year`} label={text(texts.birthYear)} help={text(texts.birthYearHelp)} most={4} numeric className="short" />
      </div>
      <controls.TextAt pointer={`${at}/id_number`} label={text(texts.ifKnown, { label: text(texts.idNumber) })} help={text(texts.idNumberHelp)} most={20} numeric className="short" />
      <controls.TextAt pointer={`${at}/occupation`} label={text(texts.ifKnown, { label: text(texts.occupation) })} help={text(texts.occupationHelp)} most={10} numeric className="short" />
      <controls.RadiosAt pointer={`${at}/employment`} label={text(texts.employment)} options={employments} />
      <controls.YesNoAt pointer={`${at}/under_management`} label={text(texts.underManagement)} />
    </section>
  );
}

export function EventStep() {
  const { text } = useWords();
  return (
    <>
      <controls.LongTextAt pointer="/content/summary" label={text(texts.summary)} help={text(texts.summaryHelp)} most={5000} />
      <controls.CodeAt pointer="/content/cause" label={text(texts.cause)} help={text(texts.causeHelp)} list="causes" unknown={text(texts.notKnown)} />
      <controls.PairAt pointer="/content/factor" label={text(texts.factor)} help={text(texts.factorHelp)} list="factors" />
    </>
  );
}
