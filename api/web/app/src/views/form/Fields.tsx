import { Button } from '@navikt/ds-react';
import { PlusIcon, TrashIcon } from '@navikt/aksel-icons';
import { useWords } from '#/language/LanguageProvider';
import * as controls from '#/forms/controls';
import { fieldId } from '#/forms/fields';
import formTexts from '#/forms/messages';
import { useFilling } from '#/forms/ReportContext';
import { emptyOf, type Group, type Leaf, type List, type Node } from '#/forms/tree';
import { nameOf } from '#/forms/values';
import { makers, yearly } from '#/forms/kinds';
import { applicable, labelOf, settle } from './applicable';
import texts from './messages';

/** Fields fills in the members of a group, each by the control that its type asks for. */
export function Fields({ nodes, at, level }: { nodes: Node[]; at: string; level: 2 | 3 | 4 }) {
  const { report } = useFilling();
  const shown = applicable(nodes, report.at(at));
  return (
    <div className="fields">
      {shown.map((node) => (
        <Part key={`${node.pointer} ${node.is}`} node={node} at={placeOf(node, at)} level={level} />
      ))}
    </div>
  );
}

/** A pair stands for the group that it is in, everything else below it. */
const placeOf = (node: Node, at: string): string => (node.is === 'leaf' && node.control === 'pair' && node.member === 'code' ? at : `${at}/${node.member}`);

function Part({ node, at, level }: { node: Node; at: string; level: 2 | 3 | 4 }) {
  if (node.is === 'leaf') return <LeafField leaf={node} at={at} />;
  return node.is === 'group' ? <GroupFields group={node} at={at} level={level} /> : <ListFields list={node} at={at} level={level} />;
}

function GroupFields({ group, at, level }: { group: Group; at: string; level: 2 | 3 | 4 }) {
  const { language, text } = useWords();
  const { label, help } = labelOf(group.meaning[language]);
  const Title: 'h2' | 'h3' | 'h4' = `h${level}`;
  return (
    <section className={`part level-${level}`} aria-labelledby={`${fieldId(at)}-title`}>
      <Title id={`${fieldId(at)}-title`} className="part-title">
        <span id={fieldId(at)} tabIndex={-1}>{group.required ? text(formTexts.required, { label }) : label}</span>
      </Title>
      {help && <p className="quiet">{help}</p>}
      <controls.ErrorsAt pointer={at} />
      <Fields nodes={group.children} at={at} level={deeper(level)} />
    </section>
  );
}

const deeper = (level: 2 | 3 | 4): 2 | 3 | 4 => (level === 2 ? 3 : 4);

function ListFields({ list, at, level }: { list: List; at: string; level: 2 | 3 | 4 }) {
  const { language, text } = useWords();
  const { report } = useFilling();
  const { label, help } = labelOf(list.meaning[language]);
  const items = (report.at(at) as unknown[] | undefined) ?? [];
  const Title: 'h2' | 'h3' | 'h4' = `h${level}`;
  const Item: 'h3' | 'h4' = level === 2 ? 'h3' : 'h4';
  return (
    <section className={`part level-${level}`} aria-labelledby={`${fieldId(at)}-title`}>
      <Title id={`${fieldId(at)}-title`} className="part-title">
        <span id={fieldId(at)} tabIndex={-1}>{list.required ? text(formTexts.required, { label }) : label}</span>
      </Title>
      {help && <p className="quiet">{help}</p>}
      <controls.ErrorsAt pointer={at} />
      {items.length === 0 && <p className="quiet">{text(texts.emptyList)}</p>}
      {items.map((_, i) => (
        <section key={`${i} of ${items.length}`} className="item" aria-label={text(texts.item, { name: label, n: i + 1 })}>
          <div className="item-head">
            <Item id={fieldId(`${at}/${i}`)} tabIndex={-1}>{text(texts.item, { name: label, n: i + 1 })}</Item>
            <Button type="button" variant="tertiary" size="small" icon={<TrashIcon aria-hidden />} onClick={() => report.set([`${at}/${i}`, undefined])}>
              {text(texts.remove, { n: i + 1 })}
            </Button>
          </div>
          <Fields nodes={list.children} at={`${at}/${i}`} level={4} />
        </section>
      ))}
      {items.length < list.most && (
        <Button
          type="button"
          variant="secondary"
          icon={<PlusIcon aria-hidden />}
          className="add"
          onClick={() => {
            report.set([`${at}/${items.length}`, emptyOf(list.children)]);
            setTimeout(() => document.getElementById(fieldId(`${at}/${items.length}`))?.focus(), 50);
          }}
        >
          {text(texts.add, { name: label })}
        </Button>
      )}
    </section>
  );
}

function LeafField({ leaf, at }: { leaf: Leaf; at: string }) {
  const { language, text } = useWords();
  const { report } = useFilling();
  const said = labelOf(leaf.meaning[language]);
  const label = leaf.required ? text(formTexts.required, { label: said.label }) : said.label;
  const common = { pointer: at, label, help: said.help };
  const most = leaf.field.max_length ?? undefined;
  const values = at === '/content/reporter/type' ? makers[report.draft.kind] : leaf.values;
  const options = (values ?? []).map((value) => {
    const name = nameOf(leaf.member, value);
    return { value, label: name ? text(name) : value };
  });
  switch (leaf.control) {
    case 'whole':
      return <controls.WholeAt {...common} />;
    case 'truth':
      return leaf.required ? <controls.YesNoAt {...common} /> : <controls.TickAt {...common} />;
    case 'date':
      return <controls.DateAt {...common} />;
    case 'moment':
      return <controls.MomentAt {...common} />;
    case 'period':
      return <PeriodField {...common} />;
    case 'choice':
      // A report that only one type of reporter makes needs no question.
      if (at === '/content/reporter/type' && options.length === 1 && report.at(at) === options[0]!.value) return null;
      // What is not for the type of reporter that is chosen goes with the choice.
      return <controls.SelectAt {...common} options={options} choose={leaf.member === 'type' ? (v) => report.set(...settle(at, v)) : undefined} />;
    case 'choices':
      return <controls.SeveralAt {...common} options={options} />;
    case 'code':
      return <controls.CodeAt {...common} list={leaf.list!} />;
    case 'codes':
      return <controls.CodesAt {...common} list={leaf.list!} />;
    case 'pair':
      return <controls.PairAt {...common} list={leaf.list!} member={leaf.listMember} />;
    case 'lines':
      return <controls.LinesAt {...common} />;
    case 'long':
      return <controls.LongTextAt {...common} most={most} />;
    case 'text':
      return <controls.TextAt {...common} most={most} className={(most ?? 0) <= 40 && leaf.member !== 'name' ? 'short' : undefined} />;
  }
}

/** The law that asks for these reports is in force since 2016; figures of before may be imported. */
const firstYear = 2016;
const firstBaseYear = 1990;

function PeriodField(common: controls.At) {
  const { text } = useWords();
  const { report } = useFilling();
  const kind = report.draft.kind;
  const first = kind === 'base_figures' ? firstBaseYear : firstYear;
  const thisYear = new Date().getFullYear();
  const years = Array.from({ length: thisYear - first + 1 }, (_, i) => thisYear - i);
  const options = years.flatMap((year) => [
    { value: String(year), label: text(texts.year, { year: String(year) }) },
    ...(yearly.has(kind) ? [] : [{ value: `${year}H1`, label: text(texts.half, { year: String(year) }) }]),
  ]);
  return <controls.SelectAt {...common} options={options} ordered />;
}
