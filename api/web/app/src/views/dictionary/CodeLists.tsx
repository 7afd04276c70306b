import '@navikt/ds-css/dist/component/accordion.css';
import { Accordion } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { answer, api } from '#/api/client';
import { useCodeList } from '#/api/codelists';
import { Answered } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import { plain } from '#/language/numbers';
import { listAnchor, matcher, type Code } from './catalogue';
import { roles } from './roles';
import texts from './messages';

/** CodeLists are all lists of codes, each a table once it is opened. */
export function CodeLists({ q }: { q?: string }) {
  const { text, name } = useWords();
  const here = useRouterState({ select: (s) => s.location.hash });
  const lists = useQuery({ queryKey: ['codelists'], queryFn: ({ signal }) => answer(api.GET('/v1/codelists', { signal })), staleTime: Infinity });
  const [turned, setTurned] = useState<Record<string, boolean>>({});
  const isOpen = (list: string) => turned[list] ?? listAnchor(list) === here;
  const there = lists.isSuccess;
  useEffect(() => {
    if (there && here.startsWith(listAnchor(''))) document.getElementById(here)?.scrollIntoView({ block: 'start' });
  }, [there, here]);
  return (
    <Answered of={lists} height={800}>
      {(index) => (
        <Accordion>
          {(index.codelists ?? []).map((l) => (
            <Accordion.Item key={l.name} id={listAnchor(l.name)} open={isOpen(l.name)} onOpenChange={(open) => setTurned((before) => ({ ...before, [l.name]: open }))}>
              <Accordion.Header>
                {name(l)} <span className="quiet size">{text(texts.codes, { n: l.size })}</span>
              </Accordion.Header>
              <Accordion.Content>{isOpen(l.name) && <CodeTable list={l.name} label={name(l)} q={q} />}</Accordion.Content>
            </Accordion.Item>
          ))}
        </Accordion>
      )}
    </Answered>
  );
}

function CodeTable({ list, label, q }: { list: string; label: string; q?: string }) {
  const { text } = useWords();
  const codes = useCodeList(list);
  const heads = [texts.code, texts.name, texts.of, texts.validity, texts.source];
  return (
    <Answered of={codes} height={400}>
      {(found) => (
        <table className="cards codes" {...roles.table} aria-label={label}>
          <thead {...roles.group}>
            <tr {...roles.row}>{heads.map((h) => <th key={h.en} scope="col" {...roles.column}>{text(h)}</th>)}</tr>
          </thead>
          {byList(looked(found.codes ?? [], q)).map(([version, rows]) => (
            <tbody key={version} {...roles.group}>
              <tr {...roles.row}>
                <th colSpan={heads.length} scope="rowgroup" {...roles.header}>{text(texts.version, { name: version })}</th>
              </tr>
              {rows.map((c) => <CodeRow key={c.code} code={c} />)}
            </tbody>
          ))}
        </table>
      )}
    </Answered>
  );
}

/** looked are the codes that have what is looked for; all of them if none has. */
function looked(codes: Code[], q: string | undefined): Code[] {
  const has = matcher(q);
  const found = codes.filter((c) => has(plain(`${c.code} ${c.name_vi} ${c.name_en}`)));
  return found.length > 0 ? found : codes;
}

/** A code means something only together with its list. */
function byList(codes: Code[]): [string, Code[]][] {
  const lists = new Map<string, Code[]>();
  for (const c of codes) lists.set(c.list, [...(lists.get(c.list) ?? []), c]);
  return [...lists];
}

function CodeRow({ code }: { code: Code }) {
  const { text, name, language } = useWords();
  const within = code.parent ?? code.members?.join(' ');
  return (
    <tr {...roles.row}>
      <th scope="row" {...roles.header}><span className="code">{code.code}</span></th>
      <td {...roles.cell} className="name">{name(code)}</td>
      <td {...roles.cell} className={within ? undefined : 'empty'}>{within && <span className="code">{within}</span>}</td>
      <td {...roles.cell} className={code.valid_from || code.valid_to ? undefined : 'empty'}><Validity from={code.valid_from} to={code.valid_to} /></td>
      <td {...roles.cell} className="small" lang="en">
        {code.source}
        {code.status === 'UNVERIFIED' && <span className="unverified" lang={language}>{text(texts.unverified)}</span>}
      </td>
    </tr>
  );
}

function Validity({ from, to }: { from?: string; to?: string }) {
  const { text, day } = useWords();
  if (from && to) return text(texts.between, { from: day(from), to: day(to) });
  if (from) return text(texts.from, { from: day(from) });
  if (to) return text(texts.until, { to: day(to) });
  return null;
}
