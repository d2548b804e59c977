package io.postern.analytics.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class PlotTest {

    @Test
    void linesNameAxesAndSeries() throws Exception {
        String svg = Plot.lines(
                "Recall & more",
                "jitter",
                "caught",
                false,
                List.of(
                        new Plot.Line("rita", List.of(new double[] {0, 0.5}, new double[] {50, 1})),
                        new Plot.Line("elastic", List.of(new double[] {0, 0.1}))));

        assertThat(texts(svg)).contains("Recall & more", "jitter", "caught", "rita", "elastic", "0", "50", "100 %");
        assertThat(svg).contains("<polyline");
    }

    @Test
    void barsHaveOneForEachValue() throws Exception {
        String svg = Plot.bars(
                "False", "per 1000", List.of("mail", "chat"), List.of(new Plot.Bars("rita", List.of(3.0, Double.NaN))));

        assertThat(texts(svg)).contains("mail", "chat", "rita", "per 1000", "5");
        // The ground, one bar, one mark of the legend.
        assertThat(xml(svg).getElementsByTagName("rect").getLength()).isEqualTo(3);
    }

    @Test
    void theSameNumbersAreTheSamePlot() {
        List<Plot.Line> lines = List.of(new Plot.Line("a", List.of(new double[] {1, 0.2}, new double[] {300, 0.9})));

        assertThat(Plot.lines("t", "x", "y", true, lines)).isEqualTo(Plot.lines("t", "x", "y", true, lines));
    }

    private static List<String> texts(String svg) throws Exception {
        var nodes = xml(svg).getElementsByTagName("text");
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> nodes.item(i).getTextContent())
                .toList();
    }

    private static Document xml(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }
}
