import { useLayoutEffect, useRef, useState } from 'react';

/** useWidth is the width that an element has on the page, so that a drawing keeps the size of its text. */
export function useWidth<T extends HTMLElement>(begin: number) {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState(begin);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => setWidth(Math.max(240, Math.round(element.clientWidth)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}
