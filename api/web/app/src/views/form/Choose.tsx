import '@navikt/ds-css/dist/component/linkanchor.css';
import '@navikt/ds-css/dist/component/linkcard.css';
import '@navikt/ds-css/dist/component/tag.css';
import { LinkCard, Tag } from '@navikt/ds-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useDictionary, type Kind } from '#/api/dictionary';
import { useMe } from '#/api/me';
import { policyQuestion } from '#/api/policy';
import { addressOf, filesAs, records, yearly } from '#/forms/kinds';
import { Answered } from '#/frame/State';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';
import './form.css';

/** These two come first for whoever files them: one is urgent, the other is everybody's. */
const foremost = ['accident_declaration', 'annex_xii'];

/** Choose offers the reports that somebody may file. */
export function Choose() {
  const { text } = useWords();
  const me = useMe();
  const dictionary = useDictionary();
  const policy = useQuery(policyQuestion);
  return (
    <div className="stack choose">
      <h1>{text(texts.choose)}</h1>
      <Answered of={me} height={400}>
        {(myself) => (
          <Answered of={policy} height={400}>
            {({ roles, kinds: rules }) => (
              <Answered of={dictionary} height={400}>
                {({ kinds }) => {
                  const role = roles?.find((r) => r.role === myself.role);
                  const mine = (kinds ?? []).filter((k) => filesAs(role, k.kind, rules?.find((p) => p.kind === k.kind)).length > 0);
                  return mine.length === 0 ? <p>{text(texts.none)}</p> : <Offered kinds={mine} />;
                }}
              </Answered>
            )}
          </Answered>
        )}
      </Answered>
    </div>
  );
}

function Offered({ kinds }: { kinds: Kind[] }) {
  const { text } = useWords();
  const first = foremost.flatMap((f) => kinds.filter((k) => k.kind === f));
  const rest = kinds.filter((k) => !foremost.includes(k.kind));
  return (
    <>
      <p>{text(texts.chooseHelp)}</p>
      {first.length > 0 && (
        <div className="cards first">
          {first.map((k) => (
            <Card key={k.kind} kind={k} what={text(k.kind === 'annex_xii' ? texts.firstAnnex : texts.firstAccident)} level="2" />
          ))}
        </div>
      )}
      <Some title={text(texts.events)} kinds={rest.filter((k) => k.event)} />
      <Some title={text(texts.periodic)} kinds={rest.filter((k) => !k.event && !records.has(k.kind))} />
      <Some title={text(texts.records)} kinds={rest.filter((k) => records.has(k.kind))} />
    </>
  );
}

function Some({ title, kinds }: { title: string; kinds: Kind[] }) {
  const { text } = useWords();
  if (kinds.length === 0) return null;
  return (
    <section className="stack">
      <h2>{title}</h2>
      <div className="cards">
        {kinds.map((k) => (
          <Card key={k.kind} kind={k} tag={k.event || records.has(k.kind) ? undefined : text(yearly.has(k.kind) ? texts.yearly : texts.halfYearly)} level="3" />
        ))}
      </div>
    </section>
  );
}

function Card({ kind, what, tag, level }: { kind: Kind; what?: string; tag?: string; level: '2' | '3' }) {
  const { name } = useWords();
  return (
    <LinkCard>
      <LinkCard.Title as={`h${level}`}>
        <LinkCard.Anchor asChild>
          <Link to={addressOf(kind.kind)}>{name(kind)}</Link>
        </LinkCard.Anchor>
      </LinkCard.Title>
      {what && <LinkCard.Description>{what}</LinkCard.Description>}
      {tag && (
        <LinkCard.Footer>
          <Tag variant="neutral" size="small">{tag}</Tag>
        </LinkCard.Footer>
      )}
    </LinkCard>
  );
}
