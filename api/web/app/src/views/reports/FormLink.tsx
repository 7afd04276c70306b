import { Button } from '@navikt/ds-react';
import { Link, useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';

interface Wanted {
  period?: string;
  unit?: string;
}

/** FormLink leads to the form of a kind of report. */
export function FormLink({ kind, search, className, children }: { kind: string; search: Wanted; className?: string; children: ReactNode }) {
  if (kind === 'annex_xii') return <Link to="/new/annex-xii" search={search} className={className}>{children}</Link>;
  if (kind === 'accident_declaration') return <Link to="/new/accident" search={search} className={className}>{children}</Link>;
  return <Link to="/new/$kind" params={{ kind }} search={search} className={className}>{children}</Link>;
}

/** amendAddress is where the form of a filed report opens. */
export function amendAddress(kind: string, report: string): string {
  const form = kind === 'annex_xii' ? 'annex-xii' : kind === 'accident_declaration' ? 'accident' : kind;
  return `/new/${form}?report=${report}`;
}

/** AddressLink leads to an address that was kept as text, as that of a draft. */
export function AddressLink({ to, className, children }: { to: string; className?: string; children: ReactNode }) {
  const go = useAddress(to);
  return <a href={to} className={className} onClick={go}>{children}</a>;
}

export function AddressButton({ to, children }: { to: string; children: ReactNode }) {
  const go = useAddress(to);
  return <Button as="a" role="link" href={to} onClick={go}>{children}</Button>;
}

function useAddress(to: string) {
  const router = useRouter();
  return (event: MouseEvent) => {
    // Who wants another tab is given one.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    router.history.push(to);
  };
}
