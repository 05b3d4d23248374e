package io.smstask.proof.console;

import static io.smstask.testing.Patience.await;

import io.smstask.local.template.Template;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;

/** A real browser without a window, and what a person does with the page. */
final class Browser implements AutoCloseable {

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    /** It warns of each Chromium that is newer than itself. */
    private static final Logger OF_VERSIONS = Logger.getLogger("org.openqa.selenium.devtools.CdpVersionFinder");

    private final ChromeDriver driver;

    private Browser(Path chromium, Path chromedriver) {
        OF_VERSIONS.setLevel(Level.SEVERE);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--window-size=1440,1000");
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(chromedriver.toFile())
                        .usingAnyFreePort()
                        .build(),
                options);
    }

    static boolean isHere() {
        return NAMES.stream().anyMatch(name -> onPath(name).isPresent())
                && onPath("chromedriver").isPresent();
    }

    /** A browser, if this machine has Chromium and its driver. */
    static Optional<Browser> open() {
        Optional<Path> chromedriver = onPath("chromedriver");
        return NAMES.stream()
                .flatMap(name -> onPath(name).stream())
                .findFirst()
                .flatMap(chromium -> chromedriver.map(found -> new Browser(chromium, found)));
    }

    private static Optional<Path> onPath(String name) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            Path program = Path.of(folder, name);
            if (Files.isExecutable(program)) {
                return Optional.of(program);
            }
        }
        return Optional.empty();
    }

    void visit(URI url) {
        driver.get(url.toString());
        awaitText("#connection", "live");
    }

    WebElement the(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    int count(String css) {
        return driver.findElements(By.cssSelector(css)).size();
    }

    String text(String css) {
        return the(css).getText();
    }

    void click(String css) {
        the(css).click();
    }

    /** Replaces the content of a field. */
    void type(String css, String text) {
        WebElement field = the(css);
        field.clear();
        field.sendKeys(text);
    }

    /** Sets a field as a paste does: a driver cannot type every character. */
    void paste(String css, String text) {
        driver.executeScript(
                "arguments[0].value = arguments[1];"
                        + "arguments[0].dispatchEvent(new Event('input', {bubbles: true}))",
                the(css),
                text);
    }

    /** Chooses from a list by value; the option is clicked. */
    void choose(String css, String value) {
        click(css + " option[value='" + value + "']");
    }

    /** Presses keys; they go to the focused element. */
    void press(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    /** The text copied last. */
    String clipboard() {
        driver.executeCdpCommand(
                "Browser.grantPermissions",
                Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
        return String.valueOf(
                driver.executeAsyncScript(
                        "const done = arguments[0]; navigator.clipboard.readText().then(done, (problem) => done(problem.message))"));
    }

    /** Presses the tab key until the element has the focus. */
    void tabTo(String css) {
        for (int presses = 0; presses < 100; presses++) {
            if (driver.switchTo().activeElement().equals(the(css))) {
                return;
            }
            press(Keys.TAB);
        }
        throw new AssertionError("the tab key does not lead to " + css);
    }

    /** The content of a field. */
    String value(String css) {
        return String.valueOf(the(css).getAttribute("value"));
    }

    void awaitText(String css, String text) {
        await(css + " with the text \"" + text + "\"")
                .ignoreExceptions()
                .until(() -> text(css), shown -> shown.contains(text));
    }

    void awaitThat(String what, Callable<Boolean> condition) {
        await(what).ignoreExceptions().until(condition);
    }

    /** Waits until the task is selected and its detail contains all of this. */
    void awaitTask(String id, String... words) {
        awaitText("#detail-title", id);
        for (String word : words) {
            awaitText("#detail", word);
        }
    }

    /** Whether a node, or the arrow between two, is lit up. */
    boolean isLit(String place) {
        return the("#node-" + place).getAttribute("class").contains("lit");
    }

    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    void beDark(boolean isDark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", isDark ? "dark" : "light"))));
    }

    void beAsLargeAs(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
    }

    /** Whether {@code npm ci --prefix .ci} has brought axe-core. */
    static boolean hasAxe() {
        return Files.isReadable(axe());
    }

    /** All findings of axe-core, one line each. */
    List<?> findings() {
        try {
            driver.executeScript(Files.readString(axe()));
        } catch (IOException e) {
            throw new IllegalStateException("axe-core is required: npm ci --prefix .ci", e);
        }
        return (List<?>) Objects.requireNonNull(driver.executeAsyncScript("const done = arguments[0];"
                + "axe.run(document, {resultTypes: ['violations']}).then(({violations}) => done(violations"
                + ".map(({id, nodes}) => id + ': ' + nodes.map(({html}) => html).join(' '))))"));
    }

    private static Path axe() {
        return Template.find().resolveSibling(".ci/node_modules/axe-core/axe.min.js");
    }

    /** Errors in the browser: failed scripts, and what the page's policy forbids. */
    List<String> complaints() {
        return driver.manage().logs().get("browser").getAll().stream()
                .map(entry -> entry.getMessage())
                .filter(message -> !message.contains("Failed to load resource") && !message.contains("Canvas2D"))
                .toList();
    }

    /** If a test fails, a picture of the page says more than the message. */
    void picture(String name) {
        try {
            Path folder = Files.createDirectories(Template.find().resolveSibling("tools/proof/target/console"));
            Files.write(folder.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
