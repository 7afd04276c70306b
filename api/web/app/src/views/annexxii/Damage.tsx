import { useWords } from '#/language/LanguageProvider';
import { fieldId } from '#/forms/fields';
import { costTotal, type DamageField } from './annex';
import { Messages, NumberField } from './Field';
import { useAnnexForm } from './form';
import { Actions, PlaceFindings, Title } from './Parts';
import texts from './messages';

export const damageTexts = {
  days_off: texts.daysOff,
  cost_medical: texts.costMedical,
  cost_wages: texts.costWages,
  cost_compensation: texts.costCompensation,
  property: texts.property,
} satisfies Record<DamageField, unknown>;

/** Table II; its total is never typed. */
export function Damage() {
  const { text, whole } = useWords();
  const { annex, change, shown } = useAnnexForm();
  const field = (member: DamageField) => ({
    label: text(damageTexts[member]),
    pointer: `/content/damage/${member}`,
    value: annex.damage[member],
    set: (cell: string | number | undefined) => change({ ...annex, damage: { ...annex.damage, [member]: cell } }),
  });
  const total = shown('/content/damage/cost_total');
  return (
    <div className="form">
      <Title hint={text(texts.damageHint)}>{text(texts.damageTitle)}</Title>
      <PlaceFindings pointers={['/content/damage']} />
      <NumberField {...field('days_off')} />
      <NumberField {...field('cost_medical')} />
      <NumberField {...field('cost_wages')} />
      <NumberField {...field('cost_compensation')} />
      <p className="annex-sum" id={fieldId('/content/damage/cost_total')} tabIndex={-1}>
        <span>{text(texts.costTotal)}</span> <output>{whole(costTotal(annex))}</output>
      </p>
      {total.length > 0 && <p className="annex-error"><Messages findings={total} /></p>}
      <NumberField {...field('property')} />
      <Actions to="check" back={annex.mode === 'table' ? 'table' : 'accidents'} />
    </div>
  );
}
