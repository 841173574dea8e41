package dev.fluxbridge.compat;

import dev.fluxbridge.compat.route.Flag;
import dev.fluxbridge.compat.route.FlagSource;
import dev.fluxbridge.providers.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set from outside, and where it was set. A system property wins over an
 * environment variable, and that over the file {@code fluxbridge.properties}.
 *
 * <p>System properties are asked anew each time. A file is watched for as long as a {@link
 * Fluxbridge} with these settings is open: what is new in it counts within a tenth of a second, if
 * it makes sense. Safe for use by several threads.
 */
public final class Settings implements FlagSource {

  /**
   * The global kill switch: {@code off} unless set, the backend that every call takes whatever the
   * flags say, or {@code refuse} for no calls at all.
   */
  public static final String KILL_SWITCH = "fluxbridge.kill-switch";

  /**
   * The phase of the migration: 1, the default, both roads, the local one is the ordinary one; 2
   * hosted roads are the ordinary ones and each place that still calls the local one is told; 3 the
   * local one is gone. Read at the start.
   */
  public static final String PHASE = "fluxbridge.phase";

  /** Turns every note into an error: {@code true} or {@code false}, the default. */
  public static final String STRICT = "fluxbridge.strict";

  /**
   * The checkpoint folder that draws the local road, or {@code embedded} for the tiny one on the
   * class path. Unset: the model id that the caller gives must be a folder.
   */
  public static final String LOCAL_CHECKPOINT = "fluxbridge.local.checkpoint";

  /**
   * Where the local road computes: {@code cpu} unless set, {@code cuda}, {@code cuda:1} and so on.
   */
  public static final String LOCAL_DEVICE = "fluxbridge.local.device";

  /**
   * In which precision it computes there, as torch_dtype said it: {@code float32}, {@code bfloat16}
   * or {@code float16}. Unset: float32 on the CPU, bfloat16 on a GPU.
   */
  public static final String LOCAL_DTYPE = "fluxbridge.local.dtype";

  /**
   * enable_model_cpu_offload: whether one model at a time is on the GPU, for less of its memory and
   * more time: {@code false} unless set.
   */
  public static final String LOCAL_OFFLOAD = "fluxbridge.local.model-cpu-offload";

  /** Base URL of fal's queue. */
  public static final String FAL_QUEUE_URL = "fluxbridge.fal.queue-url";

  /** Base URL of fal's REST host, where uploads begin. */
  public static final String FAL_REST_URL = "fluxbridge.fal.rest-url";

  /**
   * Pictures of up to so many bytes go along in the request itself instead of being uploaded: 0
   * unless set, up to 1048576.
   */
  public static final String FAL_INLINE_UP_TO = "fluxbridge.fal.inline-up-to";

  /**
   * Whether pictures may be fetched from this machine over plain HTTP, for tests and stand-ins:
   * {@code false} unless set.
   */
  public static final String FAL_LOOPBACK_MEDIA = "fluxbridge.fal.loopback-media";

  /** How long a call to fal may take, in ISO-8601, for example {@code PT10M}. */
  public static final String FAL_DEADLINE = "fluxbridge.fal.deadline";

  /** How long a call on the OpenAI road may take, in ISO-8601, for example {@code PT10M}. */
  public static final String OPENAI_DEADLINE = "fluxbridge.openai.deadline";

  /**
   * What becomes of the pixels that a mask protects, after a hosted edit: {@code compare}, the
   * default, tells in the result how they changed; {@code composite} also puts them back.
   */
  public static final String PROTECT = "fluxbridge.protect";

  /** Over how many pixels the repainted part is mixed in from its edge on; 0 unless set. */
  public static final String PROTECT_FEATHER = "fluxbridge.protect.feather";

  /** Names another place for the properties file. */
  static final String FILE = "fluxbridge.config";

  static final String ROUTE = "fluxbridge.route.";
  private static final String DEFAULT_FILE = "fluxbridge.properties";

  private final UnaryOperator<@Nullable String> systemProperties;
  private final UnaryOperator<@Nullable String> environment;
  private final Optional<Path> path;
  private final Map<Task, LiveFlag> flags = new EnumMap<>(Task.class);
  private final LiveFlag killSwitch;
  private volatile SettingsFile file;
  private volatile byte[] content;

  private Settings(
      UnaryOperator<@Nullable String> systemProperties,
      UnaryOperator<@Nullable String> environment,
      Optional<Path> path,
      SettingsFile file,
      byte[] content) {
    this.systemProperties = systemProperties;
    this.environment = environment;
    this.path = path;
    this.file = file;
    this.content = content;
    Map<String, String> known = keys();
    List<String> unknown =
        file.flags().entrySet().stream()
            .filter(entry -> !known.containsKey(entry.getKey()))
            .map(entry -> entry.getValue().origin())
            .sorted()
            .toList();
    if (!unknown.isEmpty()) {
      throw new IllegalStateException(
          "Nothing reads %s. Known keys: %s"
              .formatted(String.join(", ", unknown), String.join(", ", known.keySet())));
    }
    for (Task task : Task.values()) {
      flags.put(task, live(ROUTE + task.label()));
    }
    killSwitch = live(KILL_SWITCH);
  }

  private LiveFlag live(String key) {
    return new LiveFlag(key, systemProperties, environment, () -> file);
  }

  /**
   * The settings of this process: its system properties, its environment, and {@code
   * fluxbridge.properties} from the place that {@code fluxbridge.config} names, from the working
   * directory, or from the root of the class path.
   *
   * @throws IllegalStateException if the file cannot be read or holds a key that nothing reads
   */
  public static Settings ofProcess() {
    // A copy, because asking the process for a variable allocates each time.
    return ofProcess(System::getProperty, Map.copyOf(System.getenv())::get);
  }

  /**
   * The same, with another file in the place of its own.
   *
   * @throws IllegalStateException if the file cannot be read or holds a key that nothing reads
   */
  public static Settings ofProcess(Path named) {
    return ofProcess(
        key -> key.equals(FILE) ? named.toString() : System.getProperty(key),
        Map.copyOf(System.getenv())::get);
  }

  static Settings ofProcess(
      UnaryOperator<@Nullable String> systemProperties,
      UnaryOperator<@Nullable String> environment) {
    String named = systemProperties.apply(FILE);
    if (named == null) {
      named = environment.apply(variable(FILE));
    }
    Path here = Path.of(named == null ? DEFAULT_FILE : named);
    if (named != null || Files.exists(here)) {
      byte[] content = read(here);
      return new Settings(
          systemProperties,
          environment,
          Optional.of(here.toAbsolutePath()),
          parse(here.toString(), content),
          content);
    }
    String name = "classpath:" + DEFAULT_FILE;
    return new Settings(
        systemProperties,
        environment,
        Optional.empty(),
        parse(name, readFromClassPath()),
        new byte[0]);
  }

  /** Settings out of three maps, for tests and for programs that keep their settings elsewhere. */
  public static Settings of(
      Map<String, String> systemProperties,
      Map<String, String> environment,
      Map<String, String> file) {
    return new Settings(
        systemProperties::get,
        environment::get,
        Optional.empty(),
        SettingsFile.of(DEFAULT_FILE, file),
        new byte[0]);
  }

  /**
   * The same, with environment variables of your own before the process's: for keys that are kept
   * elsewhere.
   */
  public Settings withEnvironment(Map<String, String> variables) {
    Map<String, String> own = Map.copyOf(variables);
    return new Settings(
        systemProperties,
        name -> own.containsKey(name) ? own.get(name) : environment.apply(name),
        path,
        file,
        content);
  }

  /** The same with what a file says now, to look whether it makes sense. */
  Settings saying(SettingsFile other, byte[] itsContent) {
    return new Settings(systemProperties, environment, path, other, itsContent);
  }

  /** From now on the file says this. */
  void take(SettingsFile other, byte[] itsContent) {
    file = other;
    content = itsContent;
  }

  /**
   * Takes the kill switch alone out of a file that makes no sense: it must work even then.
   *
   * @return whether the file sets it
   */
  boolean takeKillSwitch(byte[] broken) {
    Optional<Flag> flag = SettingsFile.only(KILL_SWITCH, file.name(), broken);
    flag.ifPresent(found -> file = file.with(KILL_SWITCH, found));
    return flag.isPresent();
  }

  SettingsFile file() {
    return file;
  }

  String fileName() {
    return file.name();
  }

  byte[] content() {
    return content;
  }

  /** The file that can be watched. */
  Optional<Path> path() {
    return path;
  }

  /** Every key that something reads, with what it does, in the order of the guide. */
  public static Map<String, String> keys() {
    return KnownKeys.described();
  }

  @Override
  public @Nullable Flag flag(Task task, @Nullable String routingKey) {
    return Objects.requireNonNull(flags.get(task), task::label).get();
  }

  @Override
  public @Nullable Flag killSwitch() {
    return killSwitch.get();
  }

  /**
   * The phase of the migration.
   *
   * @return 1, 2 or 3
   * @throws IllegalStateException if it is set to anything else
   */
  public int phase() {
    return parsed(
        PHASE,
        value -> {
          if (!value.matches("[123]")) {
            throw new IllegalArgumentException("a phase is 1, 2 or 3");
          }
          return Integer.parseInt(value);
        },
        1);
  }

  /** What a key is set to, and where. Blank counts as not set. */
  public Optional<Flag> find(String key) {
    return flag(systemProperties.apply(key), "system property " + key)
        .or(() -> flag(environment.apply(variable(key)), "environment variable " + variable(key)))
        .or(() -> Optional.ofNullable(file.flag(key)).filter(flag -> !flag.value().isBlank()));
  }

  /** What a key is set to. */
  public Optional<String> get(String key) {
    return find(key).map(flag -> flag.value().strip());
  }

  /**
   * What a key is set to, as something else than a text.
   *
   * @param parse reads it; what it throws is told together with the place where the key was set
   * @param otherwise what counts if it is not set
   * @throws IllegalStateException if the value makes no sense
   */
  public <T> T parsed(String key, Function<String, T> parse, T otherwise) {
    Flag flag = find(key).orElse(null);
    if (flag == null) {
      return otherwise;
    }
    try {
      return parse.apply(flag.value().strip());
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "The %s says '%s': %s".formatted(flag.origin(), flag.value(), e.getMessage()), e);
    }
  }

  /**
   * Whether a key is set to {@code true}.
   *
   * @throws IllegalStateException if it is set to anything but {@code true} or {@code false}
   */
  public boolean isOn(String key) {
    Optional<Flag> found = find(key);
    String value = found.map(flag -> flag.value().strip()).orElse("false");
    if (!value.equals("true") && !value.equals("false")) {
      throw new IllegalStateException(
          "The %s says '%s' but must be true or false"
              .formatted(found.orElseThrow().origin(), value));
    }
    return value.equals("true");
  }

  /**
   * An environment variable, by its own name: for the providers' keys, which have names of their
   * own.
   */
  public @Nullable String environment(String variable) {
    return environment.apply(variable);
  }

  private static Optional<Flag> flag(@Nullable String value, String origin) {
    return value == null || value.isBlank()
        ? Optional.empty()
        : Optional.of(new Flag(value, origin));
  }

  static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private static byte[] read(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new IllegalStateException(
          "Cannot read the settings in %s: %s".formatted(path.toAbsolutePath(), e), e);
    }
  }

  private static byte[] readFromClassPath() {
    try (InputStream in = Settings.class.getClassLoader().getResourceAsStream(DEFAULT_FILE)) {
      return in == null ? new byte[0] : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SettingsFile parse(String name, byte[] content) {
    try {
      return SettingsFile.parse(name, content);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** Tells the file's name only: settings may hold secrets. */
  @Override
  public String toString() {
    return "Settings[" + file.name() + "]";
  }
}
