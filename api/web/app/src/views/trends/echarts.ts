// What the page takes of the chart library, in a file of its own: it comes after the text.
import { init, registerLocale, use as take } from 'echarts/core';
import { BarChart, CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';
import langVI from 'echarts/i18n/langVI-obj.js';

take([BarChart, CustomChart, LineChart, ScatterChart, GridComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);
registerLocale('VI', langVI);

export { init };
