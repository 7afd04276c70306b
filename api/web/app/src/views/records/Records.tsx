import { useSearch } from '@tanstack/react-router';
import { Behind } from './Behind';
import { Investigations } from './Investigations';
import './records.css';

/** Records lists investigations, or the reports behind a figure that somebody came from. */
export function Records() {
  const search = useSearch({ from: '/records' });
  return search.measure && search.year ? <Behind measure={search.measure} year={search.year} /> : <Investigations />;
}
