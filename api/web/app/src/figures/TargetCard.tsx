import { useWords } from '#/language/LanguageProvider';
import { Bullet } from './Bullet';
import { Change } from './Change';
import { CoverageStrip } from './CoverageStrip';
import { Definition } from './Definition';
import { Flags } from './Flags';
import type { Geography } from './geography';
import { areaKey, type Item } from './item';
import { LinkButton } from './LinkButton';
import { StillNeeded } from './StillNeeded';
import { Verdict } from './Verdict';
import texts from './messages';
import './figures.css';

/** TargetCard is one target of one area: the verdict, what it takes, and what the verdict rests on. */
export function TargetCard({ item, points, geography, view, leading }: {
  item: Item;
  points: number;
  geography: Geography;
  view: 'live' | 'closed';
  /** The card whose button is the view's primary one. */
  leading?: boolean;
}) {
  const { text, name } = useWords();
  const area = areaKey(item.area);
  return (
    <article className="target-card" data-target={item.target.id}>
      <h3>{name(item.target.name)}</h3>
      <div className="said">
        <Verdict verdict={item.verdict} />
        {item.reason && <p>{name(item.reason)}</p>}
        <StillNeeded item={item} />
        <Bullet item={item} />
        {item.current.value !== null && <p className="quiet"><Change item={item} /></p>}
        <Flags item={item} points={points} />
        <CoverageStrip coverage={item.coverage} />
        <Definition item={item} />
      </div>
      <LinkButton
        variant={leading ? 'primary' : 'secondary'}
        to="/targets/$id"
        params={{ id: item.target.id }}
        search={{ area: area === 'VN' ? undefined : area, geo: geography === '34' ? undefined : geography, year: item.year, view }}
        aria-label={text(texts.seeWhyOf, { name: name(item.target.name) })}
      >
        {text(texts.seeWhy)}
      </LinkButton>
    </article>
  );
}
