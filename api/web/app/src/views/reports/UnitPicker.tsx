import { Select, Skeleton } from '@navikt/ds-react';
import { lazy, Suspense, type ReactNode } from 'react';
import { useNames } from './useNames';

/** From how many units on one searches instead of looking through a list. */
const many = 10;

// Most have one unit: what searches comes for those only who need it.
const UnitSearch = lazy(() => import('./UnitSearch').then((m) => ({ default: m.UnitSearch })));

export interface Picking {
  label: string;
  units: string[];
  value: string | undefined;
  onChange: (unit: string | undefined) => void;
  /** What stands for no unit; there is always one chosen if nothing does. */
  none?: string;
  error?: ReactNode;
  size?: 'small';
}

/** UnitPicker chooses one of somebody's units: from a list, or by any part of its code where there are many. */
export function UnitPicker(picking: Picking) {
  const { unitName } = useNames();
  const { label, units, value, onChange, none, error, size } = picking;
  if (units.length > many) {
    return (
      <Suspense fallback={<Skeleton variant="rounded" width="20rem" height={80} />}>
        <UnitSearch {...picking} />
      </Suspense>
    );
  }
  return (
    <Select label={label} size={size} value={value ?? ''} error={error} onChange={(e) => onChange(e.target.value || undefined)}>
      {none !== undefined && <option value="">{none}</option>}
      {units.map((u) => <option key={u} value={u}>{unitName(u)}</option>)}
    </Select>
  );
}
