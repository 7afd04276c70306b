import type { Schemas } from '#/api/client';

type Role = Schemas['PolicyRole'];
type PolicyKind = Schemas['PolicyKind'];

/** Types of reporter, as `/content/reporter/type` names them. */
export type ReporterType = 'establishment' | 'commune' | 'clinic' | 'service_body' | 'authority';

/**
 * Who makes which kind of report. The platform decides by its rule REP-008; neither the policy nor
 * the dictionary says it, so it is repeated here, and test/forms.test.ts asks the platform about each.
 */
export const makers: Record<string, readonly ReporterType[]> = {
  accident_declaration: ['establishment', 'commune'],
  annex_xii: ['establishment'],
  commune_report: ['commune'],
  disease_report: ['establishment'],
  monitoring_report: ['establishment'],
  osh_report: ['establishment'],
  training_report: ['service_body', 'authority'],
  equipment_inspection_report: ['service_body'],
  insurance_report: ['authority'],
  inspection: ['authority'],
  investigation: ['establishment', 'commune', 'authority'],
  technical_incident: ['establishment'],
  case_link: ['authority'],
  disease_case: ['clinic', 'establishment', 'authority'],
  examination_report: ['clinic', 'service_body'],
  clinic_report: ['clinic'],
  health_summary: ['authority'],
  base_figures: ['authority'],
  registration: ['authority'],
  obligation_relief: ['authority'],
};

/** Kinds that one branch of the state makes, or two: each by a rule of its own, asked about in the same test. */
export const branches: Record<string, readonly string[]> = {
  case_link: ['labour'],
  disease_case: ['health'],
  health_summary: ['health'],
  inspection: ['labour', 'inspection'],
  insurance_report: ['insurance'],
  investigation: ['labour'],
  training_report: ['labour'],
};

/** What an authority keeps for the platform: no reports of a period, nor of something that happened. */
export const records: ReadonlySet<string> = new Set(['registration', 'obligation_relief', 'base_figures']);

/** Kinds that are made for a whole year only (rule REP-022). */
export const yearly: ReadonlySet<string> = new Set([
  'disease_report', 'monitoring_report', 'osh_report', 'training_report', 'equipment_inspection_report', 'insurance_report',
]);

/** As whom a role files a kind; empty if it does not. An authority comes with its branch. */
export function filesAs(role: Role | undefined, kind: string, policyKind: PolicyKind | undefined): { type: ReporterType; authority?: string }[] {
  const made = makers[kind] ?? [];
  if (!role || !sees(role, policyKind)) return [];
  if (role.reporters.includes('*')) return made.map((type) => ({ type }));
  return role.reporters
    .map((r) => ({ type: r.split(':')[0] as ReporterType, authority: r.split(':')[1] }))
    .filter((r) => made.includes(r.type) && (r.authority === undefined || (branches[kind]?.includes(r.authority) ?? true)));
}

/** What a role may not read it does not file either. */
function sees(role: Role, kind: PolicyKind | undefined): boolean {
  return role.domain === '*' || kind === undefined || kind.domains.includes(role.domain);
}

/** Where the form of a kind is. */
export function addressOf(kind: string): string {
  if (kind === 'accident_declaration') return '/new/accident';
  if (kind === 'annex_xii') return '/new/annex-xii';
  return `/new/${kind}`;
}
