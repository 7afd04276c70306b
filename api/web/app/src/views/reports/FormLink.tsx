import { Link, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';

interface Wanted {
  period?: string;
  unit?: string;
  /** The report that is amended. */
  report?: string;
}

/** FormLink leads to the form of a kind of report. */
export function FormLink({ kind, search, className, children }: { kind: string; search: Wanted; className?: string; children: ReactNode }) {
  if (kind === 'annex_xii') return <Link to="/new/annex-xii" search={search} className={className}>{children}</Link>;
  if (kind === 'accident_declaration') return <Link to="/new/accident" search={search} className={className}>{children}</Link>;
  return <Link to="/new/$kind" params={{ kind }} search={search} className={className}>{children}</Link>;
}

/** AddressLink leads to an address that was kept as text, as that of a draft. */
export function AddressLink({ to, className, children }: { to: string; className?: string; children: ReactNode }) {
  const router = useRouter();
  return (
    <a
      href={to}
      className={className}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        router.history.push(to);
      }}
    >
      {children}
    </a>
  );
}
