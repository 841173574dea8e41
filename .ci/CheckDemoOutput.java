import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Checks what the demo wrote: two PNGs that decode and show something, and a page that holds both and asks for nothing else. */
final class CheckDemoOutput {
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    for (String road : new String[] {"local", "fal"}) {
      File file = folder.resolve(road + ".png").toFile();
      BufferedImage image = ImageIO.read(file);
      require(image != null, file + " is no picture");
      require(image.getWidth() == 64 && image.getHeight() == 64, file + " is not 64x64");
      long colours =
          java.util.stream.IntStream.range(0, 64 * 64).map(i -> image.getRGB(i % 64, i / 64)).distinct().count();
      require(colours > 1, file + " is blank");
    }
    String page = Files.readString(folder.resolve("index.html"));
    require(page.split("data:image/png;base64,", -1).length == 3, "the page does not hold two pictures");
    require(!page.matches("(?s).*(src|href)=\"(?!data:).*"), "the page asks for something outside itself");
    System.out.println("outputs: two pictures and the page are whole");
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new AssertionError(message);
    }
  }
}
