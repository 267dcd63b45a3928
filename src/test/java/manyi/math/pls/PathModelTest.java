package manyi.math.pls;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import manyi.math.pls.PathModel.Construct;
import manyi.math.pls.PathModel.Item;
import manyi.math.pls.PathModel.Mode;
import manyi.math.pls.PathModel.Path;
import org.junit.jupiter.api.Test;

class PathModelTest {

    private static final List<Item> ITEMS = List.of(new Item("q1", 1, 10), new Item("q2", 1, 10), new Item("q3", 1, 5));

    private static final Construct CAUSE = new Construct("Quality", List.of(0), Mode.A);
    private static final Construct EFFECT = new Construct("Satisfaction", List.of(1, 2), Mode.A);

    @Test
    void refusesPathsInACircle() {
        assertThatThrownBy(() -> new PathModel(
                        ITEMS,
                        List.of(CAUSE, EFFECT),
                        List.of(new Path("Quality", "Satisfaction"), new Path("Satisfaction", "Quality"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("circle through constructs Quality, Satisfaction");
        assertThatThrownBy(() -> new PathModel(
                        ITEMS,
                        List.of(CAUSE, EFFECT),
                        List.of(new Path("Quality", "Satisfaction"), new Path("Quality", "Quality"))))
                .hasMessageContaining("circle through constructs Quality");
    }

    @Test
    void refusesAConstructWithoutAPathOrAnItem() {
        assertThatThrownBy(() -> new PathModel(
                        ITEMS,
                        List.of(
                                CAUSE,
                                new Construct("Value", List.of(1), Mode.A),
                                new Construct("Z", List.of(2), Mode.A)),
                        List.of(new Path("Quality", "Value"))))
                .hasMessage("construct Z has no path");
        assertThatThrownBy(() -> new Construct("Z", List.of(), Mode.A)).hasMessage("construct Z has no item");
    }

    @Test
    void refusesItemsThatAreNotThereOrBelongTwice() {
        var paths = List.of(new Path("Quality", "Satisfaction"));
        assertThatThrownBy(() ->
                        new PathModel(ITEMS, List.of(CAUSE, new Construct("Satisfaction", List.of(3), Mode.A)), paths))
                .hasMessage("construct Satisfaction has item 3 of 3");
        assertThatThrownBy(() ->
                        new PathModel(ITEMS, List.of(CAUSE, new Construct("Satisfaction", List.of(0), Mode.A)), paths))
                .hasMessage("item q1 is in construct Quality and again in Satisfaction");
    }

    @Test
    void refusesPathsThatAreNotThereOrTwice() {
        var path = new Path("Quality", "Satisfaction");
        assertThatThrownBy(() -> new PathModel(ITEMS, List.of(CAUSE, EFFECT), List.of(path, path)))
                .hasMessageContaining("is there twice");
        assertThatThrownBy(() -> new PathModel(ITEMS, List.of(CAUSE, EFFECT), List.of(new Path("Quality", "Value"))))
                .hasMessageContaining("there is no construct Value");
    }

    @Test
    void refusesTwoOfOneNameAndAScaleWithoutWidth() {
        assertThatThrownBy(
                        () -> new PathModel(ITEMS, List.of(CAUSE, CAUSE), List.of(new Path("Quality", "Satisfaction"))))
                .hasMessage("two of the name construct Quality");
        assertThatThrownBy(() -> new Item("q", 5, 5)).hasMessageContaining("from 5.0 to 5.0");
    }
}
