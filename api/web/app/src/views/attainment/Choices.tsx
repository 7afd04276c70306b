import '@navikt/ds-css/dist/component/togglegroup.css';
import { Select, ToggleGroup } from '@navikt/ds-react';
import type { ReactNode } from 'react';
import { AreaSelect } from '#/figures/AreaSelect';
import { GeographySwitch } from '#/figures/GeographySwitch';
import type { Geography } from '#/figures/geography';
import { YearSelect } from '#/figures/YearSelect';
import { useWide } from '#/figures/useWide';
import { useWords } from '#/language/LanguageProvider';
import { usePlans, type Asked } from './questions';
import texts from './messages';

export interface Choice {
  plan?: string;
  year?: number;
  area?: string;
  geo?: Geography;
  view?: 'live' | 'closed';
}

/** Choices are what the board may be asked; on a phone they fold away below what they are now. */
export function Choices({ asked, year, watches, summary, set }: {
  asked: Asked;
  /** The year of the answer, which the platform chooses when nobody does. */
  year: number | undefined;
  /** Whether live figures are offered: of this area, of another one, or not at all. */
  watches: 'here' | 'elsewhere' | 'never';
  summary: string;
  set: (choice: Choice) => void;
}) {
  const { text, name } = useWords();
  const plans = usePlans();
  return (
    <Fold summary={summary}>
      <Select label={text(texts.planLabel)} value={asked.plan} onChange={(event) => set({ plan: event.target.value })}>
        {(plans.data?.plans ?? [{ plan: { id: asked.plan, name_vi: asked.plan, name_en: asked.plan } }]).map(({ plan }) => (
          <option key={plan.id} value={plan.id}>{`${plan.id}: ${name(plan)}`}</option>
        ))}
      </Select>
      <YearSelect value={year} live={watches === 'here'} onChange={(chosen) => set({ year: chosen })} />
      <AreaSelect geography={asked.geography} value={asked.area} onChange={(area) => set({ area })} />
      <GeographySwitch value={asked.geography} area={asked.area} reported onChange={(geo, area) => set({ geo, area })} />
      {watches === 'here' && (
        <ToggleGroup label={text(texts.view)} value={asked.view} onChange={(view) => set({ view: view === 'live' ? 'live' : 'closed' })}>
          <ToggleGroup.Item value="live">{text(texts.live)}</ToggleGroup.Item>
          <ToggleGroup.Item value="closed">{text(texts.closed)}</ToggleGroup.Item>
        </ToggleGroup>
      )}
      {watches === 'elsewhere' && <p className="quiet">{text(texts.liveElsewhere)}</p>}
    </Fold>
  );
}

function Fold({ summary, children }: { summary: string; children: ReactNode }) {
  const { text } = useWords();
  const wide = useWide();
  if (wide) {
    return <section className="choices" aria-label={text(texts.choices)}>{children}</section>;
  }
  return (
    <details className="choices">
      <summary>{summary}</summary>
      <div className="folded">{children}</div>
    </details>
  );
}
