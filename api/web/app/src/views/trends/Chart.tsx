import type { EChartsCoreOption, EChartsType } from 'echarts/core';
import { useEffect, useRef } from 'react';
import { useWords } from '#/language/LanguageProvider';

export type Option = EChartsCoreOption;

/** Makes the chart for a width; a phone has no room for names beside lines. */
export type Draw = (width: number) => Option;

/** drawnApart draws the same at a width of its own, for a picture: on a phone, too, with room for names. */
export async function drawnApart(draw: Draw, width: number, height: number): Promise<string> {
  const { init } = await import('./echarts');
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption(draw(width));
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** Chart draws with the chart library once the text is there. Its label says what it shows; the
 *  numbers are in the table, which the keyboard and readers use. */
export function Chart({ draw, height, label, onPick }: { draw: Draw; height: number; label: string; onPick?: (id: string) => void }) {
  const { language } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef(draw);
  const pick = useRef(onPick);
  const chart = useRef<EChartsType>(undefined);
  useEffect(() => {
    drawn.current = draw;
    pick.current = onPick;
    if (chart.current) chart.current.setOption(drawn.current(chart.current.getWidth()), { notMerge: true });
  }, [draw, onPick]);
  useEffect(() => {
    let over = false;
    let observer: ResizeObserver | undefined;
    void import('./echarts').then(({ init }) => {
      const element = box.current;
      if (over || !element) return;
      const made = init(element, null, { renderer: 'svg', locale: language === 'vi' ? 'VI' : 'EN' });
      chart.current = made;
      made.on('click', (event) => {
        const id = (event.data as { id?: unknown } | null)?.id;
        if (typeof id === 'string') pick.current?.(id);
      });
      made.setOption(drawn.current(made.getWidth()));
      let width = made.getWidth();
      observer = new ResizeObserver(() => {
        made.resize();
        if (made.getWidth() === width) return;
        width = made.getWidth();
        made.setOption(drawn.current(width), { notMerge: true });
      });
      observer.observe(element);
    });
    return () => {
      over = true;
      observer?.disconnect();
      chart.current?.dispose();
      chart.current = undefined;
    };
  }, [language]);
  return <div ref={box} className="drawing" role="img" aria-label={label} style={{ height }} />;
}
