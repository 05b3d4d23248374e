package io.smstask.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class ChartTest {

    @Test
    void every_variant_has_a_bar_of_two_parts_and_its_total() throws Exception {
        Document chart = parse(Chart.of(SampleResults.coldAndWarm(), SampleResults.ONE));

        List<Element> bars = elements(chart, "rect").stream()
                .filter(rect -> Double.parseDouble(rect.getAttribute("y")) > 10)
                .toList();
        assertThat(bars).hasSize(8);
        assertThat(elements(chart, "text"))
                .extracting(Element::getTextContent)
                .contains(
                        "Cold start, ms, one processor, measured here, not on Lambda",
                        "send",
                        "the runtime alone",
                        "smstask <ours>",
                        "200",
                        "800",
                        "100",
                        "65");
    }

    @Test
    void lengths_are_in_proportion() throws Exception {
        Document chart = parse(Chart.svg(
                "title",
                List.of(new Chart.Group(
                        "send",
                        List.of(new Chart.Bar("a", 100, 50, 150, 150), new Chart.Bar("b", 200, 100, 300, 300))))));

        List<Double> widths = elements(chart, "rect").stream()
                .filter(rect -> Double.parseDouble(rect.getAttribute("y")) > 10)
                .map(rect -> Double.parseDouble(rect.getAttribute("width")))
                .toList();
        assertThat(widths.get(2)).isEqualTo(2 * widths.get(0));
        assertThat(widths.get(0)).isEqualTo(2 * widths.get(1));
    }

    @Test
    void it_has_colours_for_light_and_for_dark_pages_and_no_background() {
        String chart = Chart.of(SampleResults.coldAndWarm(), SampleResults.ONE);

        assertThat(chart).contains("prefers-color-scheme: dark").doesNotContain("100%");
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Element> elements(Document document, String name) {
        var nodes = document.getElementsByTagName(name);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .map(Element.class::cast)
                .toList();
    }
}
