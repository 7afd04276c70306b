import type { ComponentProps } from 'react';
import { useBoundaries } from '#/api/boundaries';
import { BoundaryMap } from './BoundaryMap';
import { Legend } from './Legend';
import { TileMap } from './TileMap';

/** ProvinceMap shows provinces by the boundaries that the operator supplied, and as tiles where there are none. */
export function ProvinceMap(map: ComponentProps<typeof TileMap>) {
  const boundaries = useBoundaries(map.list).data;
  if (!boundaries) return <TileMap {...map} />;
  return (
    <div>
      <BoundaryMap boundaries={boundaries} values={map.values} label={map.label} chosen={map.chosen} onChoose={map.onChoose} />
      <Legend legend={map.legend} />
    </div>
  );
}
