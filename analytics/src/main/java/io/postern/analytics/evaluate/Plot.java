package io.postern.analytics.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Plots as SVG, on white, each with its axes named and a legend: the same numbers give the same bytes. */
public final class Plot {

    private static final List<String> COLOURS =
            List.of("#1b6ca8", "#d1495b", "#2e933c", "#edae49", "#6a4c93", "#3d5a5b", "#b5651d", "#8d99ae");
    private static final int WIDTH = 760;
    private static final int TOP = 48;
    private static final int RIGHT = 170;
    private static final int PLOT_HEIGHT = 320;
    private static final int BAR = 11;

    private final StringBuilder svg = new StringBuilder();

    private Plot() {}

    /** Points in order of x. */
    public record Line(String name, List<double[]> points) {
        public Line {
            points = List.copyOf(points);
        }
    }

    /** One value for each label, NaN for none. */
    public record Bars(String name, List<Double> values) {
        public Bars {
            values = List.copyOf(values);
        }
    }

    /** Lines over numbers; y is a share, shown in per cent. */
    public static String lines(String title, String x, String y, boolean logarithmic, List<Line> lines) {
        Plot plot = new Plot();
        int left = 70;
        int height = TOP + PLOT_HEIGHT + 60;
        plot.begin(title, height);
        double[] range = range(lines, logarithmic);
        int right = WIDTH - RIGHT;
        for (int tick = 0; tick <= 5; tick++) {
            double at = TOP + PLOT_HEIGHT - tick * PLOT_HEIGHT / 5.0;
            plot.rule(left, at, right, at);
            plot.text(left - 8, at + 4, "end", tick * 20 + " %");
        }
        for (double tick : ticks(range, logarithmic)) {
            double at = left + (right - left) * place(tick, range, logarithmic);
            plot.rule(at, TOP, at, TOP + PLOT_HEIGHT);
            plot.text(at, TOP + PLOT_HEIGHT + 18, "middle", number(tick));
        }
        plot.text((left + right) / 2.0, TOP + PLOT_HEIGHT + 42, "middle", x);
        plot.sideways(18, TOP + PLOT_HEIGHT / 2.0, y);
        for (int i = 0; i < lines.size(); i++) {
            StringBuilder points = new StringBuilder();
            for (double[] point : lines.get(i).points()) {
                double px = left + (right - left) * place(point[0], range, logarithmic);
                double py = TOP + PLOT_HEIGHT * (1 - point[1]);
                points.append(coordinate(px)).append(',').append(coordinate(py)).append(' ');
                plot.svg.append(String.format(
                        Locale.ROOT, "<circle cx='%.1f' cy='%.1f' r='2.5' fill='%s'/>\n", px, py, colour(i)));
            }
            plot.svg.append(String.format(
                    Locale.ROOT,
                    "<polyline points='%s' fill='none' stroke='%s' stroke-width='2'/>\n",
                    points.toString().strip(),
                    colour(i)));
        }
        plot.legend(lines.stream().map(Line::name).toList());
        return plot.end();
    }

    /** A group of bars for each label, one below the other. */
    public static String bars(String title, String x, List<String> labels, List<Bars> bars) {
        Plot plot = new Plot();
        int left = 300;
        int group = bars.size() * BAR + 8;
        int plotHeight = Math.max(1, labels.size()) * group;
        plot.begin(title, TOP + plotHeight + 60);
        double most = 0;
        for (Bars each : bars) {
            most = Math.max(
                    most,
                    each.values().stream()
                            .filter(value -> !value.isNaN())
                            .mapToDouble(Double::doubleValue)
                            .max()
                            .orElse(0));
        }
        double top = nice(most);
        int right = WIDTH - RIGHT;
        for (int tick = 0; tick <= 5; tick++) {
            double at = left + tick * (right - left) / 5.0;
            plot.rule(at, TOP, at, TOP + plotHeight);
            plot.text(at, TOP + plotHeight + 18, "middle", number(top * tick / 5));
        }
        for (int i = 0; i < labels.size(); i++) {
            double y = TOP + i * group + 4.0;
            plot.text(left - 8, y + bars.size() * BAR / 2.0 + 4, "end", labels.get(i));
            for (int j = 0; j < bars.size(); j++) {
                double value = bars.get(j).values().get(i);
                if (!Double.isNaN(value)) {
                    plot.svg.append(String.format(
                            Locale.ROOT,
                            "<rect x='%d' y='%.1f' width='%.1f' height='%d' fill='%s'/>\n",
                            left,
                            y + j * BAR,
                            Math.max(1, (right - left) * value / top),
                            BAR - 2,
                            colour(j)));
                }
            }
        }
        plot.text((left + right) / 2.0, TOP + plotHeight + 42, "middle", x);
        plot.legend(bars.stream().map(Bars::name).toList());
        return plot.end();
    }

    private void begin(String title, int height) {
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' viewBox='0 0 %d %d' font-family='sans-serif'"
                        + " font-size='12'>\n<rect width='100%%' height='100%%' fill='white'/>\n",
                WIDTH,
                height,
                WIDTH,
                height));
        svg.append("<text x='16' y='24' font-size='15' font-weight='bold'>")
                .append(escaped(title))
                .append("</text>\n");
    }

    private String end() {
        return svg.append("</svg>\n").toString();
    }

    private void rule(double x1, double y1, double x2, double y2) {
        svg.append(String.format(
                Locale.ROOT, "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='#d8d8d8'/>\n", x1, y1, x2, y2));
    }

    private void text(double x, double y, String anchor, String text) {
        svg.append(String.format(
                Locale.ROOT, "<text x='%.1f' y='%.1f' text-anchor='%s'>%s</text>\n", x, y, anchor, escaped(text)));
    }

    private void sideways(double x, double y, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x='%.1f' y='%.1f' text-anchor='middle' transform='rotate(-90 %.1f %.1f)'>%s</text>\n",
                x,
                y,
                x,
                y,
                escaped(text)));
    }

    private void legend(List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            int y = TOP + 12 + i * 20;
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x='%d' y='%d' width='12' height='12' fill='%s'/>\n",
                    WIDTH - RIGHT + 20,
                    y - 10,
                    colour(i)));
            text(WIDTH - RIGHT + 38, y, "start", names.get(i));
        }
    }

    private static double[] range(List<Line> lines, boolean logarithmic) {
        double least = Double.MAX_VALUE;
        double most = -Double.MAX_VALUE;
        for (Line line : lines) {
            for (double[] point : line.points()) {
                least = Math.min(least, point[0]);
                most = Math.max(most, point[0]);
            }
        }
        if (least > most) {
            return new double[] {logarithmic ? 1 : 0, 10};
        }
        return logarithmic
                ? new double[] {1, Math.max(10, Math.pow(10, Math.ceil(Math.log10(most))))}
                : new double[] {least, Math.max(most, least + 1)};
    }

    private static List<Double> ticks(double[] range, boolean logarithmic) {
        List<Double> ticks = new ArrayList<>();
        if (logarithmic) {
            for (double tick = range[0]; tick <= range[1] * 1.001; tick *= 10) {
                ticks.add(tick);
            }
        } else {
            for (int i = 0; i <= 5; i++) {
                ticks.add(range[0] + i * (range[1] - range[0]) / 5);
            }
        }
        return ticks;
    }

    private static double place(double value, double[] range, boolean logarithmic) {
        double place = logarithmic
                ? Math.log(Math.max(value, range[0]) / range[0]) / Math.log(range[1] / range[0])
                : (value - range[0]) / (range[1] - range[0]);
        return Math.max(0, Math.min(1, place));
    }

    /** The next of 1, 2, 5, 10, 20, ... */
    private static double nice(double value) {
        if (value <= 0) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        for (double step : new double[] {1, 2, 5}) {
            if (value <= step * power) {
                return step * power;
            }
        }
        return 10 * power;
    }

    private static String colour(int series) {
        return COLOURS.get(series % COLOURS.size());
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.3g", value);
    }

    private static String coordinate(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
