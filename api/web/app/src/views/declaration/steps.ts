import { within, type PlaceName } from '#/forms/findings';
import texts from './messages';

/** The steps of a declaration, in their order. */
export const steps = ['place', 'unit', 'victims', 'event', 'check'] as const;
export type Step = (typeof steps)[number];

const places: Record<Exclude<Step, 'check'>, string[]> = {
  place: ['/content/occurred_at', '/content/place', '/content/commuting'],
  unit: ['/content/reporter', '/content/industry'],
  victims: ['/content/victims'],
  event: ['/content/summary', '/content/cause', '/content/factor'],
};

/** stepOf is the step that asks for what a pointer points to. */
export function stepOf(pointer: string): Step {
  const found = Object.entries(places).find(([, own]) => own.some((p) => within(pointer, p)));
  return (found?.[0] as Step | undefined) ?? 'check';
}

export const isStep = (s: string | undefined): s is Step => steps.includes(s as Step);

/** What the places of a declaration are called where something is said of them. */
export const names: ReadonlyMap<string, PlaceName> = new Map<string, PlaceName>([
  ['/reason', texts.reason],
  ['/content/occurred_at', texts.occurredAtName],
  ['/content/place/province', texts.province],
  ['/content/place/commune_code', texts.commune],
  ['/content/place/text', texts.placeText],
  ['/content/commuting', texts.commuting],
  ['/content/reporter/type', texts.reporterType],
  ['/content/reporter/tax_code', texts.taxCode],
  ['/content/reporter/site', texts.site],
  ['/content/reporter/commune/code', texts.reporterCommune],
  ['/content/reporter/commune/valid_from', texts.communeFrom],
  ['/content/reporter/name', texts.reporterName],
  ['/content/reporter/address', texts.address],
  ['/content/reporter/phone', texts.phone],
  ['/content/reporter/province', texts.reporterProvince],
  ['/content/industry', texts.industry],
  ['/content/summary', texts.summaryName],
  ['/content/cause', texts.cause],
  ['/content/factor', texts.factor],
  ['/content/victims', texts.victims],
  ['/content/victims/*/name', texts.victimName],
  ['/content/victims/*/severity', texts.severity],
  ['/content/victims/*/died_on', texts.diedOn],
  ['/content/victims/*/injuries', texts.injuries],
  ['/content/victims/*/sex', texts.sex],
  ['/content/victims/*/birth_date', texts.birthDate],
  ['/content/victims/*/birth_year', texts.birthYear],
  ['/content/victims/*/id_number', texts.idNumber],
  ['/content/victims/*/occupation', texts.occupation],
  ['/content/victims/*/employment', texts.employment],
  ['/content/victims/*/under_management', texts.underManagementName],
]);
